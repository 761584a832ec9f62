"""Linear extensions to search along: the tasks sorted by when they could or should start or end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple


class Core(NamedTuple):
    """A connected, transitively reduced graph over 0 to n-1: predecessors of each node, all smaller, and seconds."""

    before: Sequence[Sequence[int]]
    seconds: Sequence[float]


def extensions(core: Core) -> Iterator[list[int]]:
    """Distinct linear extensions, the most useful first. Positions of equal value keep the order of levels."""
    ends, tails = ends_of(core), tails_of(core)
    whole = max(ends)
    level, rest = levels_of(core), tails_of(Core(core.before, [1.0] * len(core.seconds)))
    own = core.seconds
    values: tuple[Callable[[int], float], ...] = (
        lambda v: ends[v],
        lambda v: whole - tails[v] + own[v],
        lambda v: ends[v] + whole - tails[v] + own[v],
        lambda v: level[v],
        lambda v: -rest[v],
        lambda v: ends[v] - own[v],
        lambda v: whole - tails[v],
    )
    seen: set[tuple[int, ...]] = set()
    for value in values:
        for order in sorted_by(core, [value(v) for v in range(len(own))], level):
            if tuple(order) not in seen:
                seen.add(tuple(order))
                yield order


def sorted_by(core: Core, values: Sequence[float], level: Sequence[float] | None = None) -> Iterator[list[int]]:
    """The nodes by ascending values, of equal ones those of lower levels first; nothing if that is no extension."""
    level = levels_of(core) if level is None else level
    order = sorted(range(len(values)), key=lambda v: (values[v], level[v], v))
    if _fits(core, order):
        yield order


def levels_of(core: Core) -> list[float]:
    """The number of nodes in the longest chain that ends at each."""
    return ends_of(Core(core.before, [1.0] * len(core.seconds)))


def along(core: Core, order: list[int]) -> Core:
    """The same graph, its nodes numbered by their places in `order`."""
    place = [0] * len(order)
    for position, node in enumerate(order):
        place[node] = position
    return Core([[place[other] for other in core.before[node]] for node in order], [core.seconds[v] for v in order])


def ends_of(core: Core) -> list[float]:
    """The earliest end of each node."""
    ends: list[float] = []
    for own, others in zip(core.seconds, core.before, strict=True):
        ends.append(own + max([ends[other] for other in others], default=0.0))
    return ends


def tails_of(core: Core) -> list[float]:
    """The longest chain from each node's start to the end of all."""
    after = [0.0] * len(core.seconds)
    for node in range(len(after) - 1, -1, -1):
        after[node] += core.seconds[node]
        for other in core.before[node]:
            if after[node] > after[other]:
                after[other] = after[node]
    return after


def _fits(core: Core, order: list[int]) -> bool:
    # Rounding may put a task of no seconds before what it comes after.
    place = [0] * len(order)
    for position, node in enumerate(order):
        place[node] = position
    return all(place[other] < place[node] for node, others in enumerate(core.before) for other in others)
