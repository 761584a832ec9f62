"""Kahn's algorithm on lists: longest-path levels in pure Python.

Source: A. B. Kahn, Topological sorting of large networks, CACM 5(11), 1962.
"""

from __future__ import annotations

from core_compiler.graph.pairs import Pairs


def neighbours(n: int, pairs: Pairs) -> tuple[list[list[int]], list[int]]:
    """The successors of each node, in the order of the edges, and the number of edges into each."""
    successors: list[list[int]] = [[] for _ in range(n)]
    incoming = [0] * n
    for u, v in pairs:
        successors[u].append(v)
        incoming[v] += 1
    return successors, incoming


def layers(successors: list[list[int]], incoming: list[int]) -> list[list[int]]:
    """The nodes by level: layer 0 has those nobody precedes. Uses up `incoming`.

    A node on a cycle, or behind one, is in no layer, and its `incoming` stays above zero.
    """
    found: list[list[int]] = []
    layer = [node for node, count in enumerate(incoming) if not count]
    while layer:
        found.append(layer)
        following: list[int] = []
        for u in layer:
            for v in successors[u]:
                incoming[v] -= 1
                if not incoming[v]:
                    following.append(v)
        layer = following
    return found
