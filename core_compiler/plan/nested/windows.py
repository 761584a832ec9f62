"""When the tasks of a tree can start, and when they must."""

from __future__ import annotations

from collections.abc import Sequence

from core_compiler.plan.nested.trees import Tree


def windows(tree: Tree, seconds: Sequence[float]) -> tuple[list[float], list[float]]:
    """The earliest start of each leaf, and the latest with which the tree takes no longer than it does."""
    lasting = _lasting(tree, seconds)
    earliest, latest = [0.0] * len(seconds), [0.0] * len(seconds)
    whole = _seconds(tree, seconds, lasting)
    # A part, when it can start, and when it must have ended.
    stack: list[tuple[Tree, float, float]] = [(tree, 0.0, whole)]
    while stack:
        part, start, end = stack.pop()
        if isinstance(part, int):
            earliest[part], latest[part] = start, end - seconds[part]
        elif part.kind == "parallel":
            stack.extend((branch, start, end) for branch in part.parts)
        else:
            room = end - start - lasting[id(part)]
            for step in part.parts:
                leave = start + _seconds(step, seconds, lasting)
                stack.append((step, start, leave + room))
                start = leave
    return earliest, latest


def _lasting(tree: Tree, seconds: Sequence[float]) -> dict[int, float]:
    """How long each inner part takes, by its identity."""
    order: list[Tree] = [tree]
    for part in order:
        if not isinstance(part, int):
            order.extend(part.parts)
    lasting: dict[int, float] = {}
    for part in reversed(order):
        if not isinstance(part, int):
            inner = [_seconds(one, seconds, lasting) for one in part.parts]
            lasting[id(part)] = sum(inner) if part.kind == "series" else max(inner)
    return lasting


def _seconds(part: Tree, seconds: Sequence[float], lasting: dict[int, float]) -> float:
    return seconds[part] if isinstance(part, int) else lasting[id(part)]
