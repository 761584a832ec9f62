"""Reduction of large graphs on arrays: sort, level, filter, then the technique for the shape. Imports numpy."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from core_compiler.graph.column_bitsets import redundant_by_column_bitsets
from core_compiler.graph.csr import as_keys, compress, distinct
from core_compiler.graph.cycles import cycle_error
from core_compiler.graph.dense_rows import redundant_by_dense_rows
from core_compiler.graph.errors import FlagError
from core_compiler.graph.frontier import array_levels
from core_compiler.graph.level_gap import candidates
from core_compiler.graph.node_bitsets import redundant_by_node_bitsets
from core_compiler.graph.pairs import SMALL, SPARSE
from core_compiler.graph.two_hops import decide_by_two_hops

if TYPE_CHECKING:
    from core_compiler.graph.csr import Csr
    from core_compiler.graph.pairs import Bools, Flags, Int64, IntArray, Pairs

#: From this share of the n * n possible edges on, rows over all nodes cost less than a visit to each edge (measured).
_DENSE = 1 / 512
#: Above this the rows of a dense graph would pass 128 MB.
_MOST_ROWS = 1 << 15


def kept_on_arrays(n: int, edges: Pairs | IntArray, ordered: Flags | None) -> Int64:
    """The positions, ascending, of the edges that the transitive reduction keeps. Raises `CycleError`, `EdgeError`."""
    keys = as_keys(n, edges)
    if ordered is not None and len(ordered) != len(keys):
        raise FlagError(len(ordered), len(keys))
    graph = compress(n, distinct(keys))
    level = array_levels(graph)
    if level is None:
        raise cycle_error(n, edges)
    if ordered is None:
        return np.flatnonzero(_kept(keys, graph, level))
    flags = np.asarray(ordered, np.bool_)
    kept = np.empty(len(keys), np.bool_)
    kept[flags] = _kept(keys[flags], compress(n, distinct(keys[flags])), level)
    kept[~flags] = _first(keys[~flags])
    return np.flatnonzero(kept)


def redundant_edges(graph: Csr, level: Int64) -> Bools:
    """(m,) which edges of an acyclic graph are redundant. `level` rises along every edge."""
    possible = candidates(graph, level)
    redundant = np.zeros(len(graph.keys), np.bool_)
    if not len(possible):
        return redundant
    if graph.n <= SMALL and len(graph.keys) <= SPARSE * graph.n:
        redundant[_found_by_node_bitsets(graph, level)] = True
        return redundant
    if graph.n <= _MOST_ROWS and len(graph.keys) > _DENSE * graph.n * graph.n:
        return redundant_by_dense_rows(graph, level)
    proved, undecided = decide_by_two_hops(graph, level, possible)
    redundant[proved] = True
    redundant[redundant_by_column_bitsets(graph, level, undecided)] = True
    return redundant


def _found_by_node_bitsets(graph: Csr, level: Int64) -> Int64:
    """The positions of the redundant edges of a small graph."""
    targets = graph.targets.tolist()
    successors = [targets[start:stop] for start, stop in pairwise(graph.pointers.tolist())]
    found = redundant_by_node_bitsets(successors, np.argsort(level, kind="stable").tolist())
    return np.searchsorted(graph.keys, np.array([(u << 32) | v for u, v in found], np.int64))


def _kept(keys: Int64, graph: Csr, level: Int64) -> Bools:
    """(m,) which of the `keys` stay, given the graph they make."""
    redundant = redundant_edges(graph, level)
    if keys is graph.keys:
        return ~redundant
    kept = _first(keys) if len(graph.keys) < len(keys) else np.ones(len(keys), np.bool_)
    # Looking up the smaller side is what makes the difference where nearly all edges go.
    if 2 * np.count_nonzero(redundant) > len(redundant):
        kept &= _among(graph.keys[~redundant], keys)
    elif redundant.any():
        kept &= ~_among(graph.keys[redundant], keys)
    return kept


def _among(some: Int64, keys: Int64) -> Bools:
    """(m,) which of the `keys` are in `some`, which are sorted and not empty."""
    return some[np.minimum(np.searchsorted(some, keys), len(some) - 1)] == keys


def _first(keys: Int64) -> Bools:
    """(m,) which of the `keys` have not come before."""
    first = np.zeros(len(keys), np.bool_)
    first[np.unique(keys, return_index=True)[1]] = True
    return first
