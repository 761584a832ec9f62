"""Searching again along extensions that the best tree so far suggests, until that finds nothing better.

In a tree each task has a window: from when it can start to when it must, if the whole is to take no longer. An
extension that sorts the tasks by times within their windows keeps the tree itself among those that the search can find,
and lets others in that differ in what is put before what where nothing decides it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from random import Random
from typing import NamedTuple

from core_compiler.plan.nested.extensions import Core, along, ends_of, extensions, sorted_by, tails_of
from core_compiler.plan.nested.intervals import Intervals
from core_compiler.plan.nested.remembered import Memory
from core_compiler.plan.nested.trees import Tree, seconds_of
from core_compiler.plan.nested.windows import windows

#: Cuts tried of a set, while so many positions were looked at in one search; then one.
_WIDTH, _BUDGET = 6, 10_000
#: Searches in turn that find nothing better, after which nothing is expected any more.
_MISSES = 100
#: How often durations other than they are suggest an extension, and the spread of the logarithm of the ratio.
_ASTRAY, _SPREAD = 0.1, 0.4
_CLOSE = 1e-9


class _Best(NamedTuple):
    seconds: float
    tree: Tree


def improved(core: Core, tree: Tree, limit: int) -> Tree:
    """The fastest tree found that is faster than `tree`, else `tree`; at most some `limit` positions are looked at."""
    best = _Best(seconds_of(tree, core.seconds), tree)
    least = max(ends_of(core)) + _CLOSE
    random = Random(0)  # noqa: S311 - a search, not secrets
    seen: set[tuple[int, ...]] = set()
    orders = chain(extensions(core), _within(core, best.tree, random))
    memory = Memory(len(core.seconds))
    misses = 0
    while best.seconds > least and misses < _MISSES and limit > 0:
        order = next(orders)
        misses += 1
        if tuple(order) in seen:
            continue
        seen.add(tuple(order))
        moved = along(core, order)
        search = Intervals(moved.before, moved.seconds, _WIDTH, _BUDGET, limit, memory=memory, order=order)
        found = search.best(0.0, best.seconds)
        limit -= search.looked_at
        if found.seconds < best.seconds - _CLOSE:
            best = _Best(found.seconds, found.tree)
            misses = 0
            orders = _within(core, best.tree, random)
    return best.tree


def _within(core: Core, tree: Tree, random: Random) -> Iterator[list[int]]:
    """Extensions of times within the windows of a tree, without end: early, by starts, ends and both, then at random.

    Some at random are of other durations, and have nothing to do with the tree. May repeat one.
    """
    earliest, latest = windows(tree, core.seconds)
    own = core.seconds
    nodes = range(len(own))
    for share in (0.0, 1.0, 0.5):
        yield from sorted_by(core, [earliest[v] + share * own[v] for v in nodes])
    while True:
        late = random.random()
        if random.random() < _ASTRAY:
            yield from _astray(core, late, random)
            continue
        shifted = [earliest[v] + late * (latest[v] - earliest[v]) for v in nodes]
        yield from sorted_by(core, [shifted[v] + random.random() * own[v] for v in nodes])


def _astray(core: Core, late: float, random: Random) -> Iterator[list[int]]:
    """The extension by starts or ends, as early as can be if `late` is below one half, else as late, of others."""
    other = Core(core.before, [own * random.lognormvariate(0.0, _SPREAD) for own in core.seconds])
    early = late < 0.5
    ends = ends_of(other) if early else [own - tail for own, tail in zip(other.seconds, tails_of(other), strict=True)]
    share = 2 * late if early else 2 * late - 1
    yield from sorted_by(core, [end - share * own for end, own in zip(ends, other.seconds, strict=True)])
