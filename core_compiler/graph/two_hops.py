"""Redundant edges with a witness: a node w with edges u -> w and w -> v makes (u, v) redundant.

If level(v) - level(u) is 2, a path from u to v of more than one edge has exactly two, so the absence of a witness
proves that the edge stays. Grids, meshes and "also after its grandparent" edges are decided here, all at once: one
look into the sorted keys for each edge out of u.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core_compiler.graph.csr import targets_of

if TYPE_CHECKING:
    from core_compiler.graph.csr import Csr
    from core_compiler.graph.pairs import Bools, Int64

#: A source with more edges is left undecided, which keeps the work linear in the number of candidates.
_WIDEST = 16
#: Candidates looked at together: bounds the memory to about 50 MB.
_CHUNK = 1 << 16


def decide_by_two_hops(graph: Csr, level: Int64, candidates: Int64) -> tuple[Int64, Int64]:
    """The candidates (positions in `graph`) proved redundant, and those that are still undecided.

    Those in neither stay in the reduction. `level` rises along every edge. O(candidates * log m).
    """
    narrow = graph.outgoing[graph.sources[candidates]] <= _WIDEST
    small = candidates[narrow]
    chunks = [small[start : start + _CHUNK] for start in range(0, len(small), _CHUNK)]
    witnessed = np.concatenate([_witnessed(graph, level, chunk) for chunk in chunks] or [np.zeros(0, np.bool_)])
    undecided = ~narrow
    undecided[narrow] = ~witnessed & (level[graph.targets[small]] - level[graph.sources[small]] > 2)
    return small[witnessed], candidates[undecided]


def _witnessed(graph: Csr, level: Int64, candidates: Int64) -> Bools:
    """For each candidate (u, v), whether some successor of u has an edge to v."""
    sources, targets = graph.sources[candidates], graph.targets[candidates]
    middle = targets_of(graph, sources)
    asked = np.repeat(np.arange(len(candidates)), graph.outgoing[sources])
    below = level[middle] < level[targets[asked]]
    middle, asked = middle[below], asked[below]
    keys = (middle << 32) | targets[asked]
    # No key is beyond the last: clipping only keeps the index valid where there is nothing to find.
    places = np.minimum(np.searchsorted(graph.keys, keys), len(graph.keys) - 1)
    witnessed = np.zeros(len(candidates), np.bool_)
    witnessed[asked[graph.keys[places] == keys]] = True
    return witnessed
