"""Writes a bundle: whole, or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from core_compiler.asl.states import encode
from core_compiler.bundle import rules
from core_compiler.bundle.manifest import KIND, manifest
from core_compiler.bundle.runtime import runtime_files
from core_compiler.compiler import Compiled
from core_compiler.diagnostics import Sink
from core_compiler.ir.context import encode_context

MACHINE, MANIFEST = "machine.asl.json", "manifest.json"


def files_of(compiled: Compiled) -> dict[str, bytes]:
    """Every file of the bundle by its relative path, the manifest last."""
    files = {MACHINE: encode(compiled.machine, indent=2)}
    files |= {f"lambda/{path}": content for path, content in runtime_files().items()}
    files |= {f"lambda/user/{file.path}": file.text.encode() for file in compiled.workflow.files}
    files |= {f"lambda/user/{blob.path}": blob.data for blob in compiled.workflow.blobs}
    if compiled.workflow.context is not None:
        files["lambda/user/context.json"] = encode_context(compiled.workflow.context)
    return files | {MANIFEST: manifest(compiled, files)}


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
            _fill(Path(beside) / "new", files_of(compiled))
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


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
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
