"""What goes wrong while a tree is loaded, as the wire has it."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Any


def fault(sort: str, error: BaseException | str, subject: str = "", span: Any = None) -> dict[str, Any]:
    """One fault; an exception is told by its class and message, and by its deepest line in the user's code."""
    if isinstance(error, str):
        found: dict[str, Any] = {"sort": sort, "message": error, "subject": subject}
    else:
        found = {"sort": sort, "message": one_line(error), "subject": subject}
        span = _deepest(error) or span
    if span:
        found["span"] = span
    return found


def one_line(error: BaseException) -> str:
    """An exception on one line."""
    try:
        text = " ".join(str(error).split())
    except Exception:
        text = ""
    return f"{type(error).__name__}: {text}"[:600] if text else type(error).__name__


def shown(path: str) -> str:
    """A path as a person would write it here."""
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative


def is_foreign(path: str) -> bool:
    """Whether a file is of Python, of an installed package, or of this program."""
    ours = (os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), *_handler())
    parts = path.split(os.sep)
    if path.startswith(("<", *ours)) or "site-packages" in parts or "dist-packages" in parts:
        return True
    return os.path.realpath(path).startswith(os.path.realpath(os.path.dirname(os.__file__)) + os.sep)


def _handler() -> list[str]:
    return list(sys.modules["handler"].__path__) if "handler" in sys.modules else []


def _deepest(error: BaseException) -> dict[str, Any] | None:
    if isinstance(error, SyntaxError) and error.filename:
        return {"path": shown(error.filename), "line": error.lineno or 0}
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not is_foreign(frame.filename)]
    return {"path": shown(frames[-1].filename), "line": frames[-1].lineno or 0} if frames else None
