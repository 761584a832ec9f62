"""Levels, topological order, cycles and components against networkx."""

from __future__ import annotations

import subprocess
import sys

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.graphs import Pairs, array, dags, graphs, levelled, networkx_graph

from core_compiler.graph import CycleError, EdgeError, find_cycle, levels, topological_order, weak_components
from core_compiler.graph.csr import as_keys, compress, distinct
from core_compiler.graph.frontier import array_levels


def longest_paths(n: int, pairs: Pairs) -> list[int]:
    """The level of a node is the length of the longest path in what is left of the graph above it."""
    graph = networkx_graph(n, pairs)
    return [nx.dag_longest_path_length(graph.subgraph(nx.ancestors(graph, v) | {v})) for v in range(n)]


@given(dags())
def test_levels_are_longest_paths(graph: tuple[int, Pairs]) -> None:
    n, pairs = graph
    expected = longest_paths(n, pairs)
    assert levels(n, pairs) == expected
    assert levels(n, array(pairs)).tolist() == expected
    assert levelled(n, pairs)[1].tolist() == expected


@settings(max_examples=8)
@given(st.integers(0, 10_000), st.sampled_from([2, 40, 600]))
def test_levels_of_deep_and_of_wide_graphs(seed: int, span: int) -> None:
    """Wide ones stay on arrays, deep ones go over to lists on the way."""
    random = np.random.default_rng(seed)
    n = 3000
    sources = random.integers(0, n - 1, 6 * n)
    targets = np.minimum(sources + random.integers(1, span, len(sources)), n - 1)
    pairs = list(zip(sources.tolist(), targets.tolist(), strict=True))
    expected = [0] * n
    for depth, nodes in enumerate(nx.topological_generations(networkx_graph(n, pairs))):
        for node in nodes:
            expected[node] = depth
    assert levels(n, pairs) == expected


@given(graphs())
def test_a_cycle_is_found_exactly_where_there_is_one(case: tuple[int, Pairs]) -> None:
    n, pairs = case
    graph = networkx_graph(n, pairs)
    cycle = find_cycle(n, pairs)
    on_arrays = array_levels(compress(n, distinct(as_keys(n, pairs))))
    if nx.is_directed_acyclic_graph(graph):
        assert cycle is None
        assert on_arrays is not None
        return
    assert on_arrays is None
    assert cycle is not None
    assert cycle[0] == min(cycle)
    assert nx.is_simple_path(graph, cycle)
    # Exactly the edges of the cycle lie between its nodes: none cuts it short.
    assert set(graph.subgraph(cycle).edges) == set(zip(cycle, [*cycle[1:], cycle[0]], strict=True))
    for asked in (levels, topological_order):
        with pytest.raises(CycleError) as caught:
            asked(n, pairs)
        assert caught.value.cycle == tuple(cycle)


def test_a_short_cycle_is_preferred_to_the_long_one_around_it() -> None:
    ring = [(node, (node + 1) % 900) for node in range(900)]
    tail = [(900, 0), (5, 901), (901, 902)]
    assert find_cycle(903, [*ring, *tail, (40, 38)]) == [38, 39, 40]
    with pytest.raises(CycleError, match=r"cycle of 900 nodes: 0 -> 1 -> .* -> \.\.\. -> 0$"):
        levels(903, array([*ring, *tail]))


@given(dags())
def test_the_order_is_the_smallest_topological_one(graph: tuple[int, Pairs]) -> None:
    n, pairs = graph
    expected = list(nx.lexicographical_topological_sort(networkx_graph(n, pairs)))
    assert topological_order(n, pairs) == expected
    assert topological_order(n, array(pairs)) == expected


@given(graphs())
def test_components_are_those_of_networkx(case: tuple[int, Pairs]) -> None:
    n, pairs = case
    expected = sorted(map(sorted, nx.weakly_connected_components(networkx_graph(n, pairs))))
    assert weak_components(n, pairs) == expected
    assert weak_components(n, array(pairs)) == expected


def test_no_nodes_at_all() -> None:
    assert (levels(0, []), topological_order(0, []), weak_components(0, []), find_cycle(0, [])) == ([], [], [], None)
    assert levels(0, array([])).tolist() == []


@pytest.mark.parametrize("function", [levels, topological_order, weak_components, find_cycle])
def test_edges_out_of_range_are_refused(function) -> None:
    with pytest.raises(EdgeError, match=r"edge \(0, 2\) leaves the nodes 0 to 1"):
        function(2, [(0, 2)])


def test_small_graphs_do_without_numpy() -> None:
    script = """
import sys
from core_compiler.graph import find_cycle, kept_edges, levels, topological_order, transitive_reduction, weak_components
pairs = [(node, node + step) for node in range(490) for step in (1, 2, 3)]
for function in (find_cycle, kept_edges, levels, topological_order, transitive_reduction, weak_components):
    function(500, pairs)
sys.exit("numpy" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
