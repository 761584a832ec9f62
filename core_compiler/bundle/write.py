"""Writes a bundle: whole, or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from core_compiler.asl.expressions import deployed_bytes
from core_compiler.asl.limits import DEFINITION_BYTES
from core_compiler.bundle import rules
from core_compiler.bundle.manifest import KIND, manifest
from core_compiler.bundle.runtime import runtime_files
from core_compiler.compiler import Compiled
from core_compiler.diagnostics import Sink
from core_compiler.ir.context import encode_context

#: Indentation makes a definition at least so many times larger: what passes the limit then need not be tried.
_LEAST_GROWTH = 1.5
MACHINE, MANIFEST, PARTS = "machine.asl.json", "manifest.json", "machines"


def files_of(compiled: Compiled) -> dict[str, bytes]:
    """Every file of the bundle by its relative path, the manifest last."""
    return dict(_files(compiled))


def _files(compiled: Compiled) -> Iterator[tuple[str, bytes]]:
    """The files one after the other: those of a large workflow are not all held at once."""
    digests: dict[str, str] = {}
    for path, content in _contents(compiled):
        digests[path] = hashlib.sha256(content).hexdigest()
        yield path, content
    yield MANIFEST, manifest(compiled, digests)


def _contents(compiled: Compiled) -> Iterator[tuple[str, bytes]]:
    yield MACHINE, _readable(compiled.definition)
    for name, text in compiled.parts.items():
        yield f"{PARTS}/{name}.asl.json", _readable(text)
    for path, content in runtime_files().items():
        yield f"lambda/{path}", content
    for file in compiled.workflow.files:
        yield f"lambda/user/{file.path}", file.text.encode()
    for blob in compiled.workflow.blobs:
        yield f"lambda/user/{blob.path}", blob.data
    for path, event in compiled.kept.items():
        yield f"lambda/user/{path}", event
    if compiled.workflow.context is not None:
        yield "lambda/user/context.json", encode_context(compiled.workflow.context)


def _readable(definition: bytes) -> bytes:
    """Indented, where the file as it stands is then still no larger than AWS takes."""
    if len(definition) * _LEAST_GROWTH > DEFINITION_BYTES:
        return definition
    indented = msgspec.json.format(definition, indent=2) + b"\n"
    return indented if deployed_bytes(indented) <= DEFINITION_BYTES else definition


def write_bundle(compiled: Compiled, folder: Path, sink: Sink) -> bool:
    """Write the bundle to `folder`, replacing one that is there; False when an error was reported instead.

    It is written to a new folder beside, then renamed: a reader sees the old bundle or the new one.
    """
    if not can_replace(folder):
        sink.report(rules.NOT_A_BUNDLE, subject=compiled.workflow.name, path=folder)
        return False
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".stepweave-", dir=folder.parent) as beside:
            _fill(Path(beside) / "new", _files(compiled))
            _swap(Path(beside) / "new", folder, Path(beside) / "old")
    except OSError as error:
        sink.report(rules.CANNOT_WRITE, subject=compiled.workflow.name, path=folder, reason=error.strerror or error)
        return False
    return True


def can_replace(folder: Path) -> bool:
    """Whether nothing of the user's is at `folder`: it is missing, empty, or a bundle."""
    if not folder.exists() and not folder.is_symlink():
        return True
    if not folder.is_dir():
        return False
    if not any(folder.iterdir()):
        return True
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and content.get("kind") == KIND  # pyright: ignore


def _fill(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    for path, content in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _swap(new: Path, folder: Path, old: Path) -> None:
    if folder.exists():
        os.rename(folder, old)
    try:
        os.rename(new, folder)
    except OSError:
        if old.exists():
            os.rename(old, folder)
        raise
    with contextlib.suppress(OSError):
        shutil.rmtree(old)
