"""Reading files below the root: bounded, as text, and nothing outside it."""

from __future__ import annotations

import io
import tokenize
from pathlib import Path

BYTES = 1_000_000


class NotReadableError(Exception):
    """A file that is too large or no text."""


def source_of(path: Path) -> str:
    """The text of a Python file, by its declared encoding. Raises NotReadableError."""
    data = bytes_of(path)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise NotReadableError(f"it is not text: {error}") from error


def bytes_of(path: Path) -> bytes:
    """The content of a file of a bounded size. Raises NotReadableError."""
    try:
        if not path.is_file():
            raise NotReadableError("it is no file")
        with path.open("rb") as file:
            data = file.read(BYTES + 1)
    except OSError as error:
        raise NotReadableError(error.strerror or str(error)) from error
    if len(data) > BYTES:
        raise NotReadableError(f"it is larger than {BYTES // 1_000_000} MB")
    return data


def below(root: str, path: str) -> Path | None:
    """The file at an absolute path, where it is below the root, links followed; None for any other."""
    try:
        real, top = Path(path).resolve(), Path(root).resolve()
    except (OSError, ValueError, RuntimeError):
        return None
    return real if real.is_relative_to(top) else None
