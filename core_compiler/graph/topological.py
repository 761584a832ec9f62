"""A topological order that people recognise: as near to the order of the nodes as the edges allow."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from core_compiler.graph.cycles import cycle_error
from core_compiler.graph.kahn import neighbours
from core_compiler.graph.pairs import Pairs, as_pairs

if TYPE_CHECKING:
    from core_compiler.graph.pairs import IntArray


def topological_order(n: int, edges: Pairs | IntArray) -> list[int]:
    """All nodes, each after its predecessors: the lexicographically smallest such order.

    So the order of the nodes themselves stands wherever it is one, and the answer depends on the set of edges alone.
    Raises `CycleError` and `EdgeError`. O(m + n log n).
    """
    pairs = as_pairs(n, edges)
    if all(u < v for u, v in pairs):
        return list(range(n))
    successors, incoming = neighbours(n, pairs)
    ready = [node for node, count in enumerate(incoming) if not count]
    heapify(ready)
    order: list[int] = []
    while ready:
        u = heappop(ready)
        order.append(u)
        for v in successors[u]:
            incoming[v] -= 1
            if not incoming[v]:
                heappush(ready, v)
    if len(order) < n:
        raise cycle_error(n, pairs)
    return order
