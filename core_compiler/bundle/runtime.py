"""The handler's source, as files: found, never imported, since compile time and run time share no code."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def runtime_files() -> dict[str, bytes]:
    """Every file of the package `handler`, by its path in the Lambda's folder."""
    found = importlib.util.find_spec("handler")
    assert found is not None
    assert found.origin is not None
    root = Path(found.origin).parent
    return {
        f"handler/{path.relative_to(root).as_posix()}": path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
