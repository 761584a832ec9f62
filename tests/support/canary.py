"""Watches what the interpreter does to the outside, by its audit events: files written, sockets, processes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

ACTS = (
    "os.exec",
    "os.fork",
    "os.mkdir",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.system",
    "shutil.",
    "socket.",
    "subprocess.",
    "webbrowser.",
)
_watched: list[list[str]] = []


def _hook(event: str, args: tuple[object, ...]) -> None:
    if _watched and (event.startswith(ACTS) or (event == "open" and _writes(args))):
        _watched[-1].append(f"{event} {args[:2]}")


def _writes(args: tuple[object, ...]) -> bool:
    mode, flags = args[1], args[2]
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


sys.addaudithook(_hook)


@contextmanager
def watching() -> Iterator[list[str]]:
    """What is done while it is open."""
    _watched.append([])
    try:
        yield _watched[-1]
    finally:
        _watched.pop()
