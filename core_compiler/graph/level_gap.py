"""The level-gap filter: which edges can be redundant at all.

Let level(v) be the number of edges on a longest path that ends in v. An edge (u, v) is redundant if another path
leads from u to v. That path has an inner node, so at least two edges, and each edge raises the level by at least one:

- level(v) - level(u) >= 2;
- the path leaves u by an edge other than (u, v): u has at least two outgoing edges;
- the path enters v by an edge other than (u, v): v has at least two incoming edges.

An edge that fails one of the three stays, whatever the rest of the graph is. Trees and chains (in- or outdegree 1),
and shuffles, hubs and layered networks (no edge skips a level) have no candidate: for them the reduction ends here,
in linear time after the levels. Levels may be those of a graph with more edges: a path of this one is a path there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core_compiler.graph.csr import Csr
    from core_compiler.graph.pairs import Int64


def candidates(graph: Csr, level: Int64) -> Int64:
    """The positions, ascending, of the edges of `graph` that can be redundant."""
    found = np.flatnonzero(level[graph.targets] - level[graph.sources] >= 2)
    if len(found):
        found = found[graph.outgoing[graph.sources[found]] >= 2]
        found = found[graph.incoming[graph.targets[found]] >= 2]
    return found
