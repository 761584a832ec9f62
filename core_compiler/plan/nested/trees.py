"""Series-parallel trees over integers: what structuring algorithms build before there are plan nodes.

A leaf is the number of a task; a fork or a row is a tuple with its kind in front. Trees share their parts and are never
walked by recursion: they nest as deep as graphs do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

from core_compiler.plan.nodes import Node, Parallel, Run, Series

Kind = Literal["series", "parallel"]


class Inner(NamedTuple):
    """Parts in a row, or side by side."""

    kind: Kind
    parts: tuple[Tree, ...]


Tree = int | Inner


def row(parts: Sequence[Tree]) -> Tree:
    """One part after the other."""
    return parts[0] if len(parts) == 1 else Inner("series", tuple(parts))


def fork(parts: Sequence[Tree]) -> Tree:
    """The parts side by side."""
    return parts[0] if len(parts) == 1 else Inner("parallel", tuple(parts))


def plan_of(tree: Tree, names: Sequence[str], wrap: Callable[[int, Node], Node] | None = None) -> Node:
    """The plan of a tree. Rows in rows and forks in forks are one; branches come in the order of their first tasks.

    `wrap` may replace what runs a task by more than that.
    """
    results: list[tuple[int, Node]] = []
    # A tree to do, or the kind and number of the parts done last.
    stack: list[Tree | tuple[Kind, int]] = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, int):
            run = Run(names[item])
            results.append((item, run if wrap is None else wrap(item, run)))
        elif isinstance(item, Inner):
            parts = flat(item)
            stack.append((item.kind, len(parts)))
            stack.extend(reversed(parts))
        else:
            kind, count = item
            done = results[-count:]
            del results[-count:]
            if kind == "parallel":
                done.sort(key=lambda part: part[0])
            first = min(part[0] for part in done)
            inner = tuple(node for _, node in done)
            results.append((first, Series(_spliced(inner)) if kind == "series" else Parallel(inner)))
    return results[0][1]


def _spliced(steps: tuple[Node, ...]) -> tuple[Node, ...]:
    if not any(isinstance(step, Series) for step in steps):
        return steps
    found: list[Node] = []
    for step in steps:
        found.extend(step.steps if isinstance(step, Series) else (step,))
    return tuple(found)


def flat(tree: Inner) -> list[Tree]:
    """The parts of a tree, those of parts of the same kind among them."""
    found: list[Tree] = []
    stack: list[Tree] = list(reversed(tree.parts))
    while stack:
        part = stack.pop()
        if isinstance(part, Inner) and part.kind == tree.kind:
            stack.extend(reversed(part.parts))
        else:
            found.append(part)
    return found


def tasks_of(tree: Tree) -> list[int]:
    """The leaves, from left to right."""
    found: list[int] = []
    stack: list[Tree] = [tree]
    while stack:
        part = stack.pop()
        if isinstance(part, int):
            found.append(part)
        else:
            stack.extend(reversed(part.parts))
    return found


def seconds_of(tree: Tree, seconds: Sequence[float], fork_seconds: float = 0.0) -> float:
    """How long a tree takes, with `fork_seconds` for each fork that is entered."""
    values: list[float] = []
    stack: list[Tree | tuple[Kind, int]] = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, int):
            values.append(seconds[item])
        elif isinstance(item, Inner):
            stack.append((item.kind, len(item.parts)))
            stack.extend(item.parts)
        else:
            kind, count = item
            done = values[-count:]
            del values[-count:]
            values.append(sum(done) if kind == "series" else fork_seconds + max(done))
    return values[0]


def renumbered(tree: Tree, place: Mapping[int, int]) -> Tree:
    """The tree with other numbers for its leaves."""
    return substituted(tree, place)


def substituted(tree: Tree, by: Sequence[Tree] | Mapping[int, Tree]) -> Tree:
    """The tree with each leaf replaced."""
    done: list[Tree] = []
    stack: list[Tree | tuple[Inner]] = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, int):
            done.append(by[item])
        elif isinstance(item, Inner):
            stack.append((item,))
            stack.extend(reversed(item.parts))
        else:
            count = len(item[0].parts)
            parts = tuple(done[-count:])
            del done[-count:]
            done.append(Inner(item[0].kind, parts))
    return done[0]
