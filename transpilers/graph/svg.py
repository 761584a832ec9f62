"""SVG by Graphviz's layered layout (dot), from the library that the extra `graph` brings along."""

from __future__ import annotations

import subprocess
import sys

from core_compiler.diagnostics import Sink
from transpilers.graph import layout, rules
from transpilers.graph.dot import to_dot
from transpilers.graph.picture import Picture

#: The module that must be installed.
NEEDED = "pygraphviz"
SECONDS = 60.0


def to_svg(picture: Picture, sink: Sink, *, seconds: float = SECONDS) -> str | None:
    """The picture as a document of its own; None, with an error reported, when it takes longer than `seconds`.

    The same picture gives the same bytes on one machine; on another, its fonts may move lines by a few points.
    """
    command = [sys.executable, "-P", layout.__file__]
    try:
        done = subprocess.run(command, input=to_dot(picture).encode(), capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return _failed(picture, f"it takes longer than {seconds:g} seconds", sink)
    if done.returncode:
        said = done.stderr.decode(errors="replace").split("\n")
        return _failed(
            picture, next((line for line in reversed(said) if line.strip()), f"exit {done.returncode}"), sink
        )
    return done.stdout.decode()


def _failed(picture: Picture, reason: str, sink: Sink) -> None:
    sink.report(
        rules.LAYOUT_FAILED,
        subject=picture.title,
        nodes=len(picture.nodes),
        lines=len(picture.lines),
        reason=reason,
    )
