"""Transitive reduction against networkx, on lists and on arrays, and each technique forced on the same graphs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.graphs import Pairs, array, dags, levelled, networkx_reduction

from core_compiler.graph import (
    CycleError,
    EdgeError,
    FlagError,
    array_reduction,
    column_bitsets,
    kept_edges,
    transitive_reduction,
    two_hops,
)
from core_compiler.graph.array_reduction import kept_on_arrays
from core_compiler.graph.column_bitsets import redundant_by_column_bitsets
from core_compiler.graph.csr import Csr
from core_compiler.graph.dense_rows import redundant_by_dense_rows
from core_compiler.graph.kahn import layers, neighbours
from core_compiler.graph.level_gap import candidates
from core_compiler.graph.node_bitsets import redundant_by_node_bitsets
from core_compiler.graph.two_hops import decide_by_two_hops


@given(dags())
def test_kept_edges_are_those_of_networkx_in_input_order(graph: tuple[int, Pairs]) -> None:
    n, pairs = graph
    reduction = networkx_reduction(n, pairs)
    expected = [pair for pair in dict.fromkeys(pairs) if pair in reduction]
    assert transitive_reduction(n, pairs) == expected
    assert list(map(tuple, transitive_reduction(n, array(pairs)).tolist())) == expected
    assert [pairs[position] for position in kept_on_arrays(n, pairs, None)] == expected


@settings(max_examples=8)
@given(st.integers(0, 10_000), st.sampled_from([1.5, 3.0, 12.0]), st.sampled_from([3, 30, 700]))
def test_large_graphs_agree_with_networkx(seed: int, degree: float, span: int) -> None:
    """Above 500 nodes, where the shape chooses; `span` bounds how far an edge reaches."""
    random = np.random.default_rng(seed)
    n = 700
    sources = random.integers(0, n - 1, int(n * degree))
    targets = np.minimum(sources + random.integers(1, span + 1, len(sources)), n - 1)
    label = random.permutation(n)
    pairs = list(zip(label[sources].tolist(), label[targets].tolist(), strict=True))
    assert set(transitive_reduction(n, pairs)) == networkx_reduction(n, pairs)


@given(dags())
def test_what_was_reduced_once_stays(graph: tuple[int, Pairs]) -> None:
    n, pairs = graph
    once = transitive_reduction(n, pairs)
    assert transitive_reduction(n, once) == once


def by_node_bitsets(n: int, pairs: Pairs) -> set[tuple[int, int]]:
    successors, incoming = neighbours(n, pairs)
    order = [node for layer in layers(successors, incoming) for node in layer]
    return redundant_by_node_bitsets(successors, order)


def pairs_at(graph: Csr, positions: np.ndarray) -> set[tuple[int, int]]:
    return set(zip(graph.sources[positions].tolist(), graph.targets[positions].tolist(), strict=True))


def by_dense_rows(n: int, pairs: Pairs) -> set[tuple[int, int]]:
    graph, level = levelled(n, pairs)
    return pairs_at(graph, np.flatnonzero(redundant_by_dense_rows(graph, level)))


def by_column_bitsets(n: int, pairs: Pairs) -> set[tuple[int, int]]:
    graph, level = levelled(n, pairs)
    return pairs_at(graph, redundant_by_column_bitsets(graph, level, candidates(graph, level)))


def by_two_hops_first(n: int, pairs: Pairs) -> set[tuple[int, int]]:
    graph, level = levelled(n, pairs)
    proved, undecided = decide_by_two_hops(graph, level, candidates(graph, level))
    return pairs_at(graph, proved) | pairs_at(graph, redundant_by_column_bitsets(graph, level, undecided))


TECHNIQUES = (by_node_bitsets, by_dense_rows, by_column_bitsets, by_two_hops_first)


@pytest.mark.parametrize("technique", TECHNIQUES)
@given(graph=dags(most=24))
def test_each_technique_finds_the_redundant_edges(technique, graph: tuple[int, Pairs]) -> None:
    n, pairs = graph
    assert technique(n, pairs) == set(pairs) - networkx_reduction(n, pairs)


@given(dags(most=24))
def test_narrow_blocks_of_columns_and_chunks_change_nothing(graph: tuple[int, Pairs]) -> None:
    n, pairs = graph
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(column_bitsets, "_FEWEST_COLUMNS", 2)
        patch.setattr(column_bitsets, "_BLOCK_BITS", 1)
        patch.setattr(two_hops, "_CHUNK", 3)
        patch.setattr(two_hops, "_WIDEST", 3)
        patch.setattr(array_reduction, "_MOST_ROWS", 0)
        kept = {pairs[position] for position in kept_on_arrays(n, pairs, None)}
    assert kept == networkx_reduction(n, pairs)


@given(dags())
def test_the_filter_lets_every_redundant_edge_through(graph: tuple[int, Pairs]) -> None:
    n, pairs = graph
    rows, level = levelled(n, pairs)
    assert set(pairs) - networkx_reduction(n, pairs) <= pairs_at(rows, candidates(rows, level))


def test_the_filter_alone_settles_trees_hubs_and_grids_without_diagonals() -> None:
    tree = [((node - 1) // 2, node) for node in range(1, 1000)]
    hub = [(node, 500) for node in range(500)] + [(500, node) for node in range(501, 1000)]
    grid = [
        (30 * row + column, 30 * row + column + step) for row in range(29) for column in range(29) for step in (1, 30)
    ]
    for pairs in (tree, hub, grid):
        rows, level = levelled(1000, pairs)
        assert not len(candidates(rows, level))


@pytest.mark.parametrize("n", [6, 600])
def test_everything_after_a_start_and_before_an_end(n: int) -> None:
    """The side with one endpoint gives the columns: both directions of the sweep."""
    chain = [(node, node + 1) for node in range(n - 1)]
    fan_out = [(0, node) for node in range(2, n)]
    fan_in = [(node, n - 1) for node in range(n - 2)]
    for extra in (fan_out, fan_in, fan_out + fan_in):
        assert transitive_reduction(n, extra + chain) == chain


@pytest.mark.parametrize("n", [3, 600])
def test_bad_input_is_refused_by_name(n: int) -> None:
    with pytest.raises(CycleError, match="cycle of 2 nodes: 1 -> 2 -> 1"):
        transitive_reduction(n, [(0, 1), (1, 2), (2, 1)])
    with pytest.raises(CycleError, match="cycle of 1 nodes: 2 -> 2"):
        transitive_reduction(n, array([(0, 1), (2, 2)]))
    with pytest.raises(EdgeError, match=rf"edge \(0, {n}\) leaves the nodes 0 to {n - 1}"):
        transitive_reduction(n, [(0, 1), (0, n)])
    with pytest.raises(EdgeError, match=r"edge \(-1, 0\)"):
        transitive_reduction(n, array([(0, 1), (-1, 0)]))
    with pytest.raises(EdgeError, match="integer array"):
        transitive_reduction(n, np.zeros((3, 2)))
    with pytest.raises(EdgeError, match="pairs of integers"):
        transitive_reduction(n, [(0, 1), (0, 1, 2)])  # type: ignore[list-item]
    with pytest.raises(EdgeError, match="pairs of integers"):
        transitive_reduction(n, [0, 1])  # type: ignore[list-item]
    with pytest.raises(FlagError, match="1 flags for 2 edges"):
        kept_edges(n, [(0, 1), (1, 2)], [True])
