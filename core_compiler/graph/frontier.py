"""Longest-path levels on arrays: Kahn's algorithm, a whole level at a time while levels are wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core_compiler.graph.csr import targets_of

if TYPE_CHECKING:
    from core_compiler.graph.csr import Csr
    from core_compiler.graph.pairs import Int64

#: A step over a level costs about 20 microseconds on arrays, and 0.1 an edge on lists: with fewer edges lists win.
_NARROW = 200
#: How many levels are looked at together to call a stretch of the graph narrow: few in a small graph, where going over
#: to lists by mistake costs little.
_SHORTEST, _LONGEST, _EDGES_PER_LEVEL = 4, 32, 2000


def array_levels(graph: Csr) -> Int64 | None:
    """(n,) the number of edges on a longest path that ends in each node; None if there is a cycle."""
    missing = graph.incoming
    level = np.zeros(graph.n, np.int64)
    place = np.empty(graph.n, np.int64)
    layer = np.flatnonzero(missing == 0)
    window = min(_LONGEST, _SHORTEST + len(graph.keys) // _EDGES_PER_LEVEL)
    depth = seen = crossed = 0
    while len(layer):
        if depth % window == window - 1:
            if crossed < window * _NARROW:
                return _narrow_levels(graph, level, missing, layer, depth, seen)
            crossed = 0
        level[layer] = depth
        seen += len(layer)
        reached = targets_of(graph, layer)
        crossed += len(reached)
        np.subtract.at(missing, reached, 1)
        layer = reached[missing[reached] == 0]
        # A node comes once for each of its edges from this layer: the last writer of its place stands for it.
        places = np.arange(len(layer))
        place[layer] = places
        layer = layer[place[layer] == places]
        depth += 1
    return level if seen == graph.n else None


def _narrow_levels(graph: Csr, level: Int64, missing: Int64, layer: Int64, depth: int, seen: int) -> Int64 | None:
    """Go on from `layer` at `depth` on lists: many levels of a few nodes each."""
    pointers, targets = graph.pointers.tolist(), graph.targets.tolist()
    levels, left, nodes = level.tolist(), missing.tolist(), layer.tolist()
    while nodes:
        following: list[int] = []
        for u in nodes:
            levels[u] = depth
            for v in targets[pointers[u] : pointers[u + 1]]:
                left[v] -= 1
                if not left[v]:
                    following.append(v)
        seen += len(nodes)
        nodes = following
        depth += 1
    return np.array(levels, np.int64) if seen == graph.n else None
