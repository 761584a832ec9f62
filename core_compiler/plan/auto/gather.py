"""Order added where layers have a task alone, for a plan that might take longer than they do.

    a, b beside w, then z after a and b      layers: a fork, then z; z enters two states after a has ended
                                             without a barrier: a fork in a fork, or an await: it enters three

Before a task that is alone in its layer, layers enter no fork: they have gathered everything. A plan in which nothing
waits for what it need not can do so too only if it has saved a state elsewhere. Where it has not, it is made to gather
everything before one such task, and of those the one that costs least on the mean over the draws.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from statistics import fmean

from core_compiler.plan.auto.floor import CLOSE, Floor
from core_compiler.plan.auto.timing import TreeTiming
from core_compiler.plan.nested.graph import NO_EARLY, Early
from core_compiler.plan.nested.trees import Tree, flat, fork, row


def gathered(
    tree: Tree,
    before: Sequence[Sequence[int]],
    floor: Floor,
    draws: Sequence[Sequence[float]],
    trials: int,
    early: Mapping[int, Early] = NO_EARLY,
) -> Tree | None:
    """A plan that is never slower than layers, from one that adds no order. None if `trials` plans show none.

    `draws`: durations as they may turn out, to choose by. `tree` is not deep (see `hoisted`).
    """
    late = floor.lateness_if_alike(TreeTiming(tree, before, early))
    while max(late) > CLOSE:
        at = late.index(max(late))
        part = floor.parts[at]
        best = late[at]
        found: list[Tree] = []
        for task in islice(_alone(part, floor.level), trials):
            trials -= 1
            other = _gathered_before(tree, part, task, floor.level)
            left = floor.lateness_if_alike(TreeTiming(other, before, early))[at]
            if left < best - CLOSE and best > CLOSE:
                best, found = left, [other]
            elif found and left <= max(best, CLOSE):
                found.append(other)
        if not found:
            return None
        tree = min(found, key=lambda one: fmean(map(TreeTiming(one, before, early).makespan, draws)))
        late = floor.lateness_if_alike(TreeTiming(tree, before, early))
    return tree


def _alone(part: Sequence[int], level: Sequence[int]) -> list[int]:
    """The tasks of a part that are alone in their layer, the last one first; those of the first layer left out."""
    layers: dict[int, list[int]] = {}
    for task in part:
        layers.setdefault(level[task], []).append(task)
    return [layers[depth][0] for depth in sorted(layers, reverse=True) if depth and len(layers[depth]) == 1]


def _gathered_before(tree: Tree, part: Collection[int], task: int, level: Sequence[int]) -> Tree:
    """The tree in which this task, and what follows it, comes after all of its part that lies in layers before."""
    first = {other for other in part if level[other] < level[task]}
    last = {*part} - first
    others = {*range(len(level))} - first - last
    halves = [half for half in (_only(tree, first), _only(tree, last)) if half is not None]
    rest = _only(tree, others)
    return row(halves) if rest is None else fork([rest, row(halves)])


def _only(tree: Tree, kept: Collection[int]) -> Tree | None:
    """The tree without the leaves that are not kept."""
    if isinstance(tree, int):
        return tree if tree in kept else None
    parts = [left for part in flat(tree) if (left := _only(part, kept)) is not None]
    if not parts:
        return None
    return row(parts) if tree.kind == "series" else fork(parts)
