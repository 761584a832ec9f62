"""The plan: what the machine does, in what order, before it is spelled in ASL. A tagged union of frozen nodes."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import msgspec


class Run(msgspec.Struct, frozen=True, tag="run"):
    """Run one task: its rule, its tries and its record are the handler's."""

    task: str


class Series(msgspec.Struct, frozen=True, tag="series"):
    """Steps one after the other; each starts when all of the one before it has ended."""

    steps: tuple[Node, ...]


class Parallel(msgspec.Struct, frozen=True, tag="parallel"):
    """Branches side by side; it ends when all have ended."""

    branches: tuple[Node, ...]


class Until(StrEnum):
    """What ends an Await: all others are done, or the task's rule is decided (and its gates are done)."""

    ALL = "all"
    DECIDED = "decided"


class Await(msgspec.Struct, frozen=True, tag="await"):
    """Wait for `others`, which run in other branches: the step directly before the one that runs `task`."""

    task: str
    others: tuple[str, ...]
    until: Until = Until.ALL


class Each(msgspec.Struct, frozen=True, tag="each"):
    """Run `body` once for each item of the mapped `tasks`, which are all that it runs, side by side.

    It begins with the decision about the tasks and how many items there are, and ends with their records. `size`: how
    many, None where only a run can tell; `limit`: how many at once. No step waits inside the body.
    """

    name: str
    tasks: tuple[str, ...]
    body: Node
    size: int | None = None
    limit: int | None = None


class Finish(msgspec.Struct, frozen=True, tag="finish"):
    """The end of the run: its state is decided by these tasks' statuses."""

    leaves: tuple[str, ...]


Node = Run | Series | Parallel | Await | Each | Finish


def series(steps: tuple[Node, ...]) -> Node:
    """The steps in a row, without a level for a single one."""
    return steps[0] if len(steps) == 1 else Series(steps)


def parallel(branches: tuple[Node, ...]) -> Node:
    """The branches side by side, without a level for a single one."""
    return branches[0] if len(branches) == 1 else Parallel(branches)


def runs(node: Node) -> Iterator[str]:
    """The ids of the tasks that a plan runs, in plan order."""
    stack: list[Node] = [node]
    while stack:
        match stack.pop():
            case Run(task):
                yield task
            case Series(inner) | Parallel(inner):
                stack.extend(reversed(inner))
            case Each(body=body):
                stack.append(body)
            case Await() | Finish():
                pass


def awaited(node: Node) -> frozenset[str]:
    """The tasks that may have waiters when they are done."""
    return frozenset(other for step in awaits(node) for other in step.others)


def awaits(node: Node) -> Iterator[Await]:
    """The Awaits of a plan, in plan order."""
    stack: list[Node] = [node]
    while stack:
        match stack.pop():
            case Await() as found:
                yield found
            case Series(inner) | Parallel(inner):
                stack.extend(reversed(inner))
            case Run() | Each() | Finish():
                pass
