"""Which files of a tree are audited."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from core_compiler.diagnostics import Diagnostic, Sink, Span
from transpilers.audit import rules

#: Folders that hold no DAG files of the user's.
LEFT_OUT = frozenset({"__pycache__", "node_modules", "site-packages", "venv"})


class Candidate(NamedTuple):
    """A file, the folder that was asked for, and whether the file itself was: then it is read whatever it holds."""

    path: Path
    root: Path | None
    named: bool


def candidates(paths: Sequence[Path], sink: Sink) -> Iterator[Candidate]:
    """Files named, and the `.py` files below folders named, each once, in the order of their names.

    Hidden folders, virtual environments and symbolic links to folders are left out. A folder that cannot be read is
    reported.
    """
    seen: set[Path] = set()
    for path in paths:
        found = _below(path, sink) if path.is_dir() else iter([Candidate(path, None, named=True)])
        for one in found:
            if one.path not in seen:
                seen.add(one.path)
                yield one


def may_hold_dag(source: bytes) -> bool:
    """Airflow's own test (`safe_mode`): a file that mentions neither word is no DAG file."""
    lowered = source.lower()
    return b"dag" in lowered and b"airflow" in lowered


def not_readable(path: Path, error: OSError) -> Diagnostic:
    """A finding for what the system does not let be read."""
    reason = f"{path}: {error.strerror or error}"
    return Sink().report(rules.NOT_READABLE, Span(str(path)), reason=reason)


def _below(root: Path, sink: Sink) -> Iterator[Candidate]:
    def unreadable(error: OSError) -> None:
        sink.extend([not_readable(Path(error.filename or root), error)])

    for folder, folders, names in os.walk(root, onerror=unreadable):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if not _left_out(here / name))
        for name in sorted(names):
            if name.endswith(".py") and (here / name).is_file():
                yield Candidate(here / name, root, named=False)


def _left_out(folder: Path) -> bool:
    return folder.name.startswith(".") or folder.name in LEFT_OUT or (folder / "pyvenv.cfg").exists()
