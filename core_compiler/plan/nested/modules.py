"""Recognition of series-parallel orders, and of every series-parallel part of one that is not.

    a -> b, b -> c, a -> d, d -> c      becomes      one node, a tree: a, then b beside d, then c

Two rules, tried wherever something changed, until none fits:

    series      u -> v, where v is all that follows u and u is all that precedes v, become one node
    parallel    u and v with the same neighbours on both sides become one node

A poset is series-parallel iff the rules leave one node for each weak component (two leaves that are siblings in its
decomposition tree are always such a pair in its transitive reduction); of another poset they leave the quotient by its
series-parallel modules. The rules keep the graph transitively reduced, and no order is added.
Linear but for hashing: a pair with the same neighbours is found by a hash of their sets, kept up to date.

Source: J. Valdes, R. E. Tarjan and E. L. Lawler, The recognition of series parallel digraphs, SIAM Journal on
Computing 11(2), 1982.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from core_compiler.plan.nested.trees import Inner, Tree


class Quotient:
    """A transitively reduced graph whose nodes stand for series-parallel parts.

    `before`, `after`: the neighbours of each node; `trees`: what each node stands for; `seconds`: how long that takes;
    `alive`: whether a node still is one. A node that went into another is empty. `starts`, for whoever sets
    them, are kept through contraction: when each part can start. Changes in place.
    """

    def __init__(self, n: int, edges: Iterable[tuple[int, int]], seconds: Sequence[float]) -> None:
        self.before: list[set[int]] = [set() for _ in range(n)]
        self.after: list[set[int]] = [set() for _ in range(n)]
        self.trees: list[Tree] = list(range(n))
        self.seconds = list(seconds)
        self.alive = [True] * n
        self.starts = [0.0] * n
        self._into = list(range(n))
        random = Random(0)  # noqa: S311 - hashes, not secrets
        self._mark = [random.getrandbits(62) for _ in range(n)]
        self._in = [0] * n
        self._out = [0] * n
        self._known: dict[tuple[int, int], int] = {}
        for u, v in edges:
            self.after[u].add(v)
            self.before[v].add(u)
            self._out[u] += self._mark[v]
            self._in[v] += self._mark[u]

    def nodes(self) -> list[int]:
        """The nodes that are left."""
        return [node for node, alive in enumerate(self.alive) if alive]

    def part_of(self, node: int) -> int:
        """The node that a node went into, or itself."""
        into = self._into
        while into[node] != node:
            into[node] = node = into[into[node]]
        return node

    def contract(self, start: Iterable[int]) -> None:
        """Apply the rules, first at `start`, then wherever something changed, until none fits."""
        stack = list(start)
        stack.reverse()
        waiting = set(stack)
        while stack:
            node = stack.pop()
            waiting.discard(node)
            if not self.alive[node]:
                continue
            for changed in self._in_series(node) or self._side_by_side(node):
                if changed not in waiting:
                    waiting.add(changed)
                    stack.append(changed)

    def cut(self, upstream: int, downstream: int) -> None:
        """Take an edge out."""
        self.after[upstream].discard(downstream)
        self.before[downstream].discard(upstream)
        self._out[upstream] -= self._mark[downstream]
        self._in[downstream] -= self._mark[upstream]

    def _in_series(self, node: int) -> list[int]:
        after = self.after[node]
        if len(after) == 1:
            (other,) = after
            if len(self.before[other]) == 1:
                return self._join(node, other)
        before = self.before[node]
        if len(before) == 1:
            (other,) = before
            if len(self.after[other]) == 1:
                return self._join(other, node)
        return []

    def _join(self, first: int, second: int) -> list[int]:
        tree = Inner("series", (self.trees[first], self.trees[second]))
        seconds = self.seconds[first] + self.seconds[second]
        # The one with more neighbours keeps its number, so that few need to be told.
        if len(self.before[first]) <= len(self.after[second]):
            kept, gone, side = second, first, self.before[first]
            self.before[kept], self._in[kept] = side, self._in[gone]
            for other in side:
                self.after[other].discard(gone)
                self.after[other].add(kept)
                self._out[other] += self._mark[kept] - self._mark[gone]
            self.before[gone] = set()
        else:
            kept, gone, side = first, second, self.after[second]
            self.after[kept], self._out[kept] = side, self._out[gone]
            for other in side:
                self.before[other].discard(gone)
                self.before[other].add(kept)
                self._in[other] += self._mark[kept] - self._mark[gone]
            self.after[gone] = set()
        self.before[gone], self.after[gone] = set(), set()
        self.alive[gone], self._into[gone] = False, kept
        self.starts[kept] = self.starts[first]
        self.trees[kept], self.seconds[kept] = tree, seconds
        return [*side, kept]

    def _side_by_side(self, node: int) -> list[int]:
        key = self._in[node], self._out[node]
        other = self._known.get(key, -1)
        twins = (
            other not in (-1, node)
            and self.alive[other]
            and self.before[other] == self.before[node]
            and self.after[other] == self.after[node]
            and bool(self.before[node] or self.after[node])
        )
        if not twins:
            self._known[key] = node
            return []
        self.trees[other] = Inner("parallel", (self.trees[other], self.trees[node]))
        self.seconds[other] = max(self.seconds[other], self.seconds[node])
        changed = [*self.before[node], *self.after[node], other]
        for before in self.before[node]:
            self.after[before].discard(node)
            self._out[before] -= self._mark[node]
        for after in self.after[node]:
            self.before[after].discard(node)
            self._in[after] -= self._mark[node]
        self.before[node], self.after[node] = set(), set()
        self.alive[node], self._into[node] = False, other
        self.starts[other] = max(self.starts[other], self.starts[node])
        return changed
