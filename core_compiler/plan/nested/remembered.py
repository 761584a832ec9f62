"""What several searches through one graph have found: the fastest tree for each set of nodes."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import NamedTuple

from core_compiler.plan.nested.trees import Tree

#: Bits of a node's mark. Two of a million sets have the same sum of marks with a probability of 1e-26.
_BITS = 128


class Remembered(NamedTuple):
    """A tree and its seconds."""

    seconds: float
    tree: Tree


class Memory:
    """Trees by sets of nodes 0 to n-1; a set is told by the sum of its nodes' `marks`, large random numbers."""

    def __init__(self, n: int) -> None:
        random = Random(0)  # noqa: S311 - hashes, not secrets
        self.marks = [random.getrandbits(_BITS) for _ in range(n)]
        self._trees: dict[int, Remembered] = {}

    def key(self, nodes: Iterable[int]) -> int:
        """What tells a set of nodes."""
        return sum([self.marks[node] for node in nodes])

    def get(self, key: int) -> Remembered | None:
        """The fastest tree of a set so far."""
        return self._trees.get(key)

    def put(self, key: int, seconds: float, tree: Tree) -> None:
        """Remember a tree that is faster than the one before."""
        self._trees[key] = Remembered(seconds, tree)
