"""Weakly connected components by union-find.

Source: B. A. Galler and M. J. Fischer, An improved equivalence algorithm, CACM 7(5), 1964; paths are halved as in
R. E. Tarjan and J. van Leeuwen, Worst-case analysis of set union algorithms, JACM 31(2), 1984.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core_compiler.graph.pairs import Pairs, as_pairs

if TYPE_CHECKING:
    from core_compiler.graph.pairs import IntArray


def weak_components(n: int, edges: Pairs | IntArray) -> list[list[int]]:
    """The nodes of each component, ascending; components in the order of their smallest nodes.

    Every node is in exactly one; a node without edges is one by itself. Cycles are allowed. Raises `EdgeError`.
    """
    parent = list(range(n))
    for u, v in as_pairs(n, edges):
        while parent[u] != u:
            parent[u] = u = parent[parent[u]]
        while parent[v] != v:
            parent[v] = v = parent[parent[v]]
        # The smaller node is the root, so that roots come first in their components.
        if u < v:
            parent[v] = u
        else:
            parent[u] = v
    members: dict[int, list[int]] = {}
    for node in range(n):
        root = parent[node]
        while parent[root] != root:
            root = parent[root]
        # Parents are never larger, so a smaller node's path is already as short as it gets.
        parent[node] = root
        members.setdefault(root, []).append(node)
    return list(members.values())
