"""Edges that imply no order: kept, and no path through them makes another edge redundant. Checked by brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.graphs import Pairs, array, dags

from core_compiler.graph import CycleError, kept_edges, transitive_reduction
from core_compiler.graph.array_reduction import kept_on_arrays


@st.composite
def flagged_dags(draw: st.DrawFn) -> tuple[int, Pairs, list[bool]]:
    n, pairs = draw(dags(most=14, degree=4))
    return n, pairs, draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs)))


def reaches(pairs: Pairs, start: int, goal: int) -> bool:
    return any(u == start and (v == goal or reaches(pairs, v, goal)) for u, v in set(pairs))


def brute_force(pairs: Pairs, ordered: list[bool]) -> list[int]:
    """By the definition, edge by edge: no levels, no bitsets."""
    kept: list[int] = []
    seen: set[tuple[tuple[int, int], bool]] = set()
    for position, (pair, flag) in enumerate(zip(pairs, ordered, strict=True)):
        others = [other for other, use in zip(pairs, ordered, strict=True) if use and other != pair]
        if (pair, flag) not in seen and not (flag and reaches(others, *pair)):
            kept.append(position)
        seen.add((pair, flag))
    return kept


@given(flagged_dags())
def test_kept_edges_are_those_of_the_definition(case: tuple[int, Pairs, list[bool]]) -> None:
    n, pairs, ordered = case
    expected = brute_force(pairs, ordered)
    assert kept_edges(n, pairs, ordered) == expected
    assert kept_edges(n, array(pairs), np.array(ordered, np.bool_)) == expected
    assert kept_on_arrays(n, pairs, ordered).tolist() == expected


@given(flagged_dags())
def test_enforcing_the_kept_ordered_edges_enforces_all_ordered_edges(case: tuple[int, Pairs, list[bool]]) -> None:
    n, pairs, ordered = case
    enforced = [pairs[position] for position in kept_edges(n, pairs, ordered) if ordered[position]]
    for pair, flag in zip(pairs, ordered, strict=True):
        assert not flag or reaches(enforced, *pair)


@pytest.mark.parametrize("n", [4, 600])
def test_a_task_that_may_start_early_carries_no_order(n: int) -> None:
    """a -> b -> c and a -> c, where b starts as soon as one of its predecessors has succeeded."""
    a, b, c, other = range(4)
    pairs = [(a, b), (other, b), (b, c), (a, c)]
    assert transitive_reduction(n, pairs) == [(a, b), (other, b), (b, c)]
    assert transitive_reduction(n, pairs, [False, False, True, True]) == pairs


@pytest.mark.parametrize("n", [3, 600])
def test_an_unordered_edge_is_kept_beside_a_path(n: int) -> None:
    pairs = [(0, 1), (1, 2), (0, 2), (0, 2)]
    assert transitive_reduction(n, pairs, [True, True, False, False]) == [(0, 1), (1, 2), (0, 2)]
    assert transitive_reduction(n, pairs, [True, True, True, False]) == [(0, 1), (1, 2), (0, 2)]


@pytest.mark.parametrize("n", [2, 600])
def test_unordered_edges_count_for_cycles(n: int) -> None:
    with pytest.raises(CycleError):
        kept_edges(n, [(0, 1), (1, 0)], [True, False])
