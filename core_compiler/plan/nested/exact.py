"""The fastest series-parallel tree of a small graph: a dynamic program over all cuts of all connected sets.

A cut of a set is any part of it that is closed under predecessors. Sets are bitmasks.
"""

from __future__ import annotations

from core_compiler.plan.nested.extensions import Core
from core_compiler.plan.nested.trees import Tree, fork, row

#: More nodes than this, or more cuts looked at, are not worth it.
MOST_NODES = 14
MOST_CUTS = 6_000
_CLOSE = 1e-9


def exact(core: Core, most_nodes: int = MOST_NODES, most_cuts: int = MOST_CUTS) -> Tree | None:
    """An optimal tree over the nodes of `core`, or None where the search would take too long."""
    if len(core.seconds) > most_nodes:
        return None
    try:
        return _Exact(core, most_cuts).solve((1 << len(core.seconds)) - 1)[1]
    except _TooMany:
        return None


class _TooMany(Exception):
    pass


class _Exact:
    def __init__(self, core: Core, most_cuts: int) -> None:
        self._seconds = core.seconds
        self._before = [sum(1 << other for other in others) for others in core.before]
        self._touching = list(self._before)
        for node, others in enumerate(core.before):
            for other in others:
                self._touching[other] |= 1 << node
        self._left = most_cuts
        self._memo: dict[int, tuple[float, Tree]] = {}
        self._heights: dict[int, float] = {}

    def solve(self, nodes: int) -> tuple[float, Tree]:
        # At most as deep as there are nodes, and those are few.
        known = self._memo.get(nodes)
        if known is None:
            known = self._memo[nodes] = self._solve(nodes)
        return known

    def _solve(self, nodes: int) -> tuple[float, Tree]:
        if nodes & (nodes - 1) == 0:
            only = nodes.bit_length() - 1
            return self._seconds[only], only
        parts = self._components(nodes)
        if len(parts) > 1:
            solved = [self.solve(part) for part in parts]
            return max(seconds for seconds, _ in solved), fork([tree for _, tree in solved])
        whole = self._height(nodes)
        best: tuple[float, Tree] | None = None
        for first in self._cuts(nodes):
            second = nodes ^ first
            if best is not None and self._height(first) + self._height(second) >= best[0] - _CLOSE:
                continue
            before, after = self.solve(first), self.solve(second)
            if best is None or before[0] + after[0] < best[0] - _CLOSE:
                best = before[0] + after[0], row((before[1], after[1]))
            if best[0] <= whole + _CLOSE:
                break
        assert best is not None
        return best

    def _cuts(self, nodes: int) -> list[int]:
        found, seen = [0], {0, nodes}
        for closed in found:
            rest = nodes & ~closed
            while rest:
                bit = rest & -rest
                rest ^= bit
                larger = closed | bit
                if larger not in seen and not self._before[bit.bit_length() - 1] & nodes & ~closed:
                    self._left -= 1
                    if self._left < 0:
                        raise _TooMany
                    seen.add(larger)
                    found.append(larger)
        cuts = found[1:]
        cuts.sort(key=lambda first: self._height(first) + self._height(nodes ^ first))
        return cuts

    def _components(self, nodes: int) -> list[int]:
        found: list[int] = []
        while nodes:
            part = fresh = nodes & -nodes
            while fresh:
                bit = fresh & -fresh
                more = self._touching[bit.bit_length() - 1] & nodes & ~part
                part |= more
                fresh = (fresh ^ bit) | more
            found.append(part)
            nodes &= ~part
        return found

    def _height(self, nodes: int) -> float:
        known = self._heights.get(nodes)
        if known is None:
            ends: dict[int, float] = {}
            rest = nodes
            while rest:
                bit = rest & -rest
                rest ^= bit
                node, start, others = bit.bit_length() - 1, 0.0, self._before[bit.bit_length() - 1] & nodes
                while others:
                    other = others & -others
                    others ^= other
                    start = max(start, ends[other.bit_length() - 1])
                ends[node] = start + self._seconds[node]
            known = self._heights[nodes] = max(ends.values())
        return known
