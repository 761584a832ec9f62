"""What is to be drawn, before any format: nodes, lines and nested clusters, in the order of their source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

import msgspec

#: About how much room a node takes across a flow that goes down, and along one that goes right, in points.
_WIDE, _LONG = 140, 180


class Shape(StrEnum):
    """What a node looks like: one a kind of component or state."""

    PLAIN = "plain"
    PYTHON = "python"
    SHELL = "shell"
    NOOP = "noop"
    CHOICE = "choice"
    END = "end"
    ERROR = "error"
    JOINT = "joint"
    AWAIT = "await"


class Stroke(StrEnum):
    """What a line means: a value is read, an order, an order that others imply, what happens after an error, or that
    a task waits for one of another branch.
    """

    DATA = "data"
    ORDER = "order"
    REDUNDANT = "redundant"
    ERROR = "error"
    AWAIT = "await"


class Direction(StrEnum):
    """Where the flow goes, in the words that Mermaid and DOT share."""

    DOWN = "TB"
    RIGHT = "LR"


class Node(msgspec.Struct, frozen=True, omit_defaults=True):
    """A task or a state. `detail` is a second, smaller line; a joint is a dot without text, where branches meet.

    `critical`: it is on the critical path.
    """

    id: str
    shape: Shape
    detail: str = ""
    critical: bool = False


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """An arrow between two nodes."""

    tail: str
    head: str
    stroke: Stroke
    label: str = ""
    critical: bool = False


class Cluster(msgspec.Struct, frozen=True, omit_defaults=True):
    """A frame with a title around nodes and other frames. A node stands in one cluster at most."""

    label: str
    nodes: tuple[str, ...] = ()
    clusters: tuple[Cluster, ...] = ()


class Picture(msgspec.Struct, frozen=True):
    """A whole drawing. Every end of a line and every node of a cluster is among `nodes`."""

    title: str
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    clusters: tuple[Cluster, ...]
    direction: Direction


def held(cluster: Cluster) -> Iterator[str]:
    """The nodes of a cluster and of all within it."""
    yield from cluster.nodes
    for inner in cluster.clusters:
        yield from held(inner)


def narrower(nodes: Iterable[Node], lines: Iterable[Line]) -> Direction:
    """The direction in which the picture is less wide: a page scrolls down, hardly sideways."""
    sorter: TopologicalSorter[str] = TopologicalSorter({node.id: () for node in nodes})
    for line in lines:
        sorter.add(line.head, line.tail)
    try:
        sorter.prepare()
    except CycleError:
        return Direction.DOWN
    depth = widest = 0
    while ready := sorter.get_ready():
        depth, widest = depth + 1, max(widest, len(ready))
        sorter.done(*ready)
    return Direction.RIGHT if depth * _LONG < widest * _WIDE else Direction.DOWN
