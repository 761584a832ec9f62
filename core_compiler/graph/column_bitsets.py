"""Reduction of sparse graphs: big integers with a bit for each endpoint that matters, a band of levels at a time.

Only targets of candidate edges need a bit (a column). Going down a band of levels, reach(u) is the union over u's
successors w of reach(w) and w's own bit; a candidate (u, v) is redundant exactly if v is in some reach(w), as in
`node_bitsets`. Columns are taken in blocks from the highest level down; a block concerns the levels from its lowest
candidate source to its highest target alone, because a path only goes up. So where candidates are local each band is
thin, and where they are few one short integer a node does: O(m * columns / 64) word operations at worst.

Turning all edges round keeps redundancy, so the side with fewer distinct endpoints gives the columns: everything
after one start, or before one end, is a single bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from core_compiler.graph.csr import transpose

if TYPE_CHECKING:
    from core_compiler.graph.csr import Csr
    from core_compiler.graph.pairs import Int64

#: The target of a candidate edge, its column, and the position of the edge.
_Asked = tuple[int, int, int]

#: Bits of all integers of a block together, at most: 128 MB.
_BLOCK_BITS = 1 << 30
#: Columns of a block, at least: with fewer the bands are gone through too often.
_FEWEST_COLUMNS = 2048


def redundant_by_column_bitsets(graph: Csr, level: Int64, candidates: Int64) -> Int64:
    """Those of the `candidates` (positions in `graph`) that are redundant in this acyclic graph.

    `level` rises along every edge.
    """
    if not len(candidates):
        return candidates
    sources, targets = graph.sources[candidates], graph.targets[candidates]
    if len(np.unique(sources)) < len(np.unique(targets)):
        graph, level = transpose(graph), level.max() - level
        sources, targets = targets, sources
    highest_first = np.lexsort((targets, -level[targets]))
    candidates, sources, targets = candidates[highest_first], sources[highest_first], targets[highest_first]
    columns = np.cumsum(np.diff(targets, prepend=targets[0]) != 0)
    width = max(_FEWEST_COLUMNS, _BLOCK_BITS // graph.n)
    bounds = np.searchsorted(columns, np.arange(0, int(columns[-1]) + width + 1, width)).tolist()

    from_highest = np.argsort(-level, kind="stable")
    heights = -level[from_highest]
    rows = graph.pointers.tolist(), graph.targets.tolist()
    redundant: list[int] = []
    for start, stop in pairwise(bounds):
        # Below the highest target, down to the lowest source: the rows through which a path of this block can lead.
        band = 1 - level[targets[start]], 1 - level[sources[start:stop]].min()
        first, last = np.searchsorted(heights, band).tolist()
        asked: dict[int, list[_Asked]] = {}
        block = (part[start:stop].tolist() for part in (sources, targets, columns - columns[start], candidates))
        for u, v, column, position in zip(*block, strict=True):
            asked.setdefault(u, []).append((v, column, position))
        redundant += _sweep(rows, from_highest[first:last].tolist(), asked)
    return np.array(redundant, np.int64)


def _sweep(rows: tuple[list[int], list[int]], band: list[int], asked: dict[int, list[_Asked]]) -> Iterator[int]:
    """The positions of the redundant ones among the edges asked for, by source.

    `rows`: the graph's pointers and targets. `band`: nodes, each before its predecessors, among them all that lie on
    a path from a source asked for to one of its targets, but the targets that are highest.
    """
    pointers, successors = rows
    own = [0] * (len(pointers) - 1)
    for edges in asked.values():
        for v, column, _ in edges:
            own[v] = 1 << column
    reach = [0] * len(own)
    for u in band:
        implied = direct = 0
        for v in successors[pointers[u] : pointers[u + 1]]:
            implied |= reach[v]
            direct |= own[v]
        reach[u] = implied | direct
        if implied and u in asked:
            for _, column, position in asked[u]:
                if implied >> column & 1:
                    yield position
