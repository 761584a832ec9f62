"""The benchmark's graph families: shape, acyclicity, and the same reduction as rustworkx at a size it can do."""

from __future__ import annotations

import pytest
import rustworkx as rx

from benchmarks.families import FAMILIES
from core_compiler.graph import levels, transitive_reduction


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("size", [2, 4, 50, 600])
def test_reduction_of_a_family(family: str, size: int) -> None:
    n, edges = FAMILIES[family][0](size)
    pairs = [(u, v) for u, v in edges.tolist()]
    assert pairs == sorted(set(pairs))
    assert len(levels(n, pairs)) == n
    graph = rx.PyDiGraph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from_no_data(pairs)
    reduced, number = rx.transitive_reduction(graph)
    node = {new: old for old, new in number.items()}
    assert transitive_reduction(n, pairs) == sorted((node[u], node[v]) for u, v in reduced.edge_list())
