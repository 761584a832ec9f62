"""Reduction of dense graphs: a node's row of the adjacency matrix as one big integer, looping over kept edges only.

Nodes are numbered from the end of an order by level, so successors have lower numbers. The highest bit left in the
row of u is a successor v that no other successor left can reach (they have lower numbers, and edges go down), and no
kept one reached (its bit would be gone): the edge is kept, and all that v reaches is struck out of the row. Each turn
keeps an edge, so the time is O(kept * n / 64) word operations, and n * n / 8 bytes for reading the rows; a dense
graph has many edges but keeps few.

Source: the greedy step is that of A. Goralcikova and V. Koubek, A reduct-and-closure algorithm for graphs, MFCS 1979.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from core_compiler.graph.csr import targets_of

if TYPE_CHECKING:
    from core_compiler.graph.csr import Csr
    from core_compiler.graph.pairs import Bools, Int64

#: Rows of the matrix unpacked at a time: bounds the memory to this many bytes a node.
_CHUNK = 256


def redundant_by_dense_rows(graph: Csr, level: Int64) -> Bools:
    """(m,) which edges of an acyclic graph are redundant."""
    order = np.argsort(-level, kind="stable")
    number = np.empty(graph.n, np.int64)
    number[order] = np.arange(graph.n)
    reach = [0] * graph.n
    kept: list[int] = []
    counts: list[int] = []
    for row, left in enumerate(_rows(graph, order, number)):
        reached = 0
        before = len(kept)
        while left:
            highest = left.bit_length() - 1
            kept.append(highest)
            reached |= reach[highest]
            left &= ~reached
        reach[row] = reached | 1 << row
        counts.append(len(kept) - before)
    redundant = np.ones(len(graph.keys), np.bool_)
    keys = (np.repeat(order, counts) << 32) | order[np.array(kept, np.int64)]
    redundant[np.searchsorted(graph.keys, keys)] = False
    return redundant


def _rows(graph: Csr, order: Int64, number: Int64) -> Iterator[int]:
    """The adjacency rows in the order given, bit `number[v]` set for each successor v."""
    degrees = graph.outgoing
    for start in range(0, graph.n, _CHUNK):
        nodes = order[start : start + _CHUNK]
        matrix = np.zeros((len(nodes), graph.n), np.bool_)
        matrix[np.repeat(np.arange(len(nodes)), degrees[nodes]), number[targets_of(graph, nodes)]] = True
        for row in np.packbits(matrix, axis=1, bitorder="little"):
            yield int.from_bytes(row.tobytes(), "little")
