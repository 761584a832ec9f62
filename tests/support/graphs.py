"""Random graphs for the tests of core_compiler/graph, and what networkx says of them."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from core_compiler.graph.csr import Csr, as_keys, compress, distinct
from core_compiler.graph.frontier import array_levels

Pairs = list[tuple[int, int]]


@st.composite
def dags(draw: st.DrawFn, most: int = 20, degree: int = 4) -> tuple[int, Pairs]:
    """An acyclic graph: nodes in any order, edges in any order, some twice; empty and edgeless ones too."""
    n = draw(st.integers(0, most))
    if n < 2:
        return n, []
    label = draw(st.permutations(range(n)))
    # A list without a lower bound has about five items, which makes graphs too sparse to reduce.
    count = draw(st.integers(0, degree * n))
    drawn = [divmod(both, n) for both in draw(st.lists(st.integers(0, n * n - 1), min_size=count, max_size=count))]
    return n, [(label[min(pair)], label[max(pair)]) for pair in drawn if pair[0] != pair[1]]


@st.composite
def graphs(draw: st.DrawFn, most: int = 12) -> tuple[int, Pairs]:
    """Any directed graph, with self-loops and repeated edges."""
    n = draw(st.integers(1, most))
    ends = st.integers(0, n - 1)
    return n, draw(st.lists(st.tuples(ends, ends), max_size=2 * n))


def networkx_graph(n: int, pairs: Sequence[tuple[int, int]]) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(pairs)
    return graph


def networkx_reduction(n: int, pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    return set(nx.transitive_reduction(networkx_graph(n, pairs)).edges)


def array(pairs: Sequence[tuple[int, int]]) -> np.ndarray:
    return np.array(pairs, np.int32).reshape(-1, 2)


def levelled(n: int, pairs: Sequence[tuple[int, int]]) -> tuple[Csr, np.ndarray]:
    """The rows and the levels that the techniques on arrays start from."""
    graph = compress(n, distinct(as_keys(n, pairs)))
    level = array_levels(graph)
    assert level is not None
    return graph, level
