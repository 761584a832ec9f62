"""Longest-path levels, on lists for small graphs and on arrays for large ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from core_compiler.graph.cycles import acyclic_layers, cycle_error
from core_compiler.graph.pairs import Pairs, as_pairs, fits_lists, is_array

if TYPE_CHECKING:
    from core_compiler.graph.pairs import Int64, IntArray


@overload
def levels(n: int, edges: Pairs) -> list[int]: ...
@overload
def levels(n: int, edges: IntArray) -> Int64: ...
def levels(n: int, edges: Pairs | IntArray) -> list[int] | Int64:
    """The number of edges on a longest path that ends in each node: 0 for a node without predecessors.

    Every edge leads to a higher level, and a node above level 0 has a predecessor one level below. A list for a
    sequence of pairs, an (n,) array for an array. O(n + m). Raises `CycleError` and `EdgeError`.
    """
    if fits_lists(n, edges):
        found = [0] * n
        for depth, layer in enumerate(acyclic_layers(n, as_pairs(n, edges))[1]):
            for node in layer:
                found[node] = depth
        if not is_array(edges):
            return found
        import numpy as np

        return np.array(found, np.int64)
    from core_compiler.graph.csr import as_keys, compress, distinct
    from core_compiler.graph.frontier import array_levels

    level = array_levels(compress(n, distinct(as_keys(n, edges))))
    if level is None:
        raise cycle_error(n, edges)
    return level if is_array(edges) else level.tolist()
