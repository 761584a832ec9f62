"""As few states as layers have on the way to every task: what ends later by the states before it is moved.

Where tasks take what they are expected to, a plan without barriers gains nothing over layers if all are alike, and
loses a state here and there: a fork inside a fork, an await in one. So rows are divided at such a task, or at one that
it comes after, and one half becomes a branch of the outermost fork, as long as that helps. No order is added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core_compiler.plan.auto.floor import CLOSE, Floor
from core_compiler.plan.auto.timing import TreeTiming
from core_compiler.plan.nested.graph import NO_EARLY, Early
from core_compiler.plan.nested.trees import Inner, Tree, flat, fork, row, tasks_of


def straightened(
    tree: Tree,
    before: Sequence[Sequence[int]],
    seconds: Sequence[float],
    floor: Floor,
    trials: int,
    more: int = 0,
    early: Mapping[int, Early] = NO_EARLY,
) -> Tree:
    """The same leaves, fewer of which end later than in layers, if a part ends later; at most `trials` are timed.

    Enters at most so many states `more` than `tree`, which is not deep (see `hoisted`).
    """
    timing = TreeTiming(tree, before, early)
    most = timing.transitions + more
    ends = timing.ends(seconds)
    latest = floor.ends(seconds)
    late = _late(ends, latest)
    tried = _divided(tree, before, late)
    while floor.late_parts(ends, latest) and trials:
        other = next(tried, None)
        if other is None:
            break
        trials -= 1
        timing = TreeTiming(other, before, early)
        moved = timing.ends(seconds)
        if timing.transitions <= most and sum(_late(moved, latest).values()) < sum(late.values()) - CLOSE:
            tree, ends, late = other, moved, _late(moved, latest)
            tried = _divided(tree, before, late)
    return tree


def _late(ends: Sequence[float], latest: Sequence[float]) -> dict[int, float]:
    """By how much leaves end late, those that end first first."""
    late = [leaf for leaf, end in enumerate(ends) if end > latest[leaf] + CLOSE]
    return {leaf: ends[leaf] - latest[leaf] for leaf in sorted(late, key=lambda leaf: ends[leaf])}


def _divided(tree: Tree, before: Sequence[Sequence[int]], late: dict[int, float]) -> Iterator[Tree]:
    for leaf in dict.fromkeys([*late, *(other for one in late for other in before[one])]):
        for first in (True, False):
            other = _at(tree, leaf, first)
            if other is not None:
                yield other


def _at(tree: Tree, leaf: int, first: bool) -> Tree | None:
    """The tree with the row of a leaf divided: after it, and its first part is a branch, or before it, and its last."""
    if isinstance(tree, int):
        return None
    if tree.kind == "series":
        steps = flat(tree)
        at = next(index for index, step in enumerate(steps) if leaf in tasks_of(step))
        other = None if isinstance(steps[at], int) else _at(steps[at], leaf, first)
        return None if other is None else row([*steps[:at], other, *steps[at + 1 :]])
    stays, taken = _cut_out(tree, leaf, first)
    return None if stays is None else Inner("parallel", (stays, taken))


def _cut_out(tree: Inner, leaf: int, first: bool) -> tuple[Tree | None, Tree]:
    parts = flat(tree)
    at = next(index for index, part in enumerate(parts) if leaf in tasks_of(part))
    inner = parts[at]
    if isinstance(inner, int) and tree.kind == "series":
        stays, taken = (parts[at + 1 :], parts[: at + 1]) if first else (parts[:at], parts[at:])
        return (row(stays) if stays else None), row(taken)
    if isinstance(inner, int):
        return fork([*parts[:at], *parts[at + 1 :]]), inner
    left, taken = _cut_out(inner, leaf, first)
    stays = [*parts[:at], *([] if left is None else [left]), *parts[at + 1 :]]
    return (None if not stays else row(stays) if tree.kind == "series" else fork(stays)), taken
