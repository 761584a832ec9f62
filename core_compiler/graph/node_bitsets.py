"""Reduction of small graphs: one big integer a node holds all that it reaches.

In reverse topological order, reach(u) is the union over u's successors w of {w} and reach(w). The edge (u, v) is
redundant exactly if v is in reach(w) for some successor w: then u -> w -> ... -> v is another path, and w is not v,
since v does not reach itself. All edges of an acyclic graph that are redundant in this sense can go together, and
what is left is its only transitive reduction (A. V. Aho, M. R. Garey and J. D. Ullman, The transitive reduction of a
directed graph, SIAM J. Comput. 1(2), 1972, theorem 1).
"""

from __future__ import annotations

from core_compiler.graph.pairs import Pair


def redundant_by_node_bitsets(successors: list[list[int]], order: list[int]) -> set[Pair]:
    """The redundant edges of an acyclic graph.

    `order` is a topological order of the nodes. O(m * n / 64) word operations, n * n / 8 bytes at most.
    """
    reach = [0] * len(successors)
    redundant: set[Pair] = set()
    for u in reversed(order):
        targets = successors[u]
        if len(targets) == 1:
            v = targets[0]
            reach[u] = reach[v] | 1 << v
        elif targets:
            direct = implied = 0
            for v in targets:
                direct |= 1 << v
                implied |= reach[v]
            reach[u] = direct | implied
            if direct & implied:
                redundant.update([(u, v) for v in targets if implied >> v & 1])
    return redundant
