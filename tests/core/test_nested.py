"""Nested plans: what is series-parallel is kept exactly, and nothing takes longer than layers would."""

from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.workflows import graph, workflows

from core_compiler.graph import transitive_reduction
from core_compiler.ir import TriggerRule, Workflow
from core_compiler.plan import Durations, Finish, Parallel, Run, Series, structure
from core_compiler.plan.evaluate import makespan
from core_compiler.plan.nested.depth import DEEPEST, hoisted, shallow
from core_compiler.plan.nested.exact import exact
from core_compiler.plan.nested.extensions import Core, along, extensions
from core_compiler.plan.nested.intervals import Intervals
from core_compiler.plan.nested.modules import Quotient
from core_compiler.plan.nested.remembered import Memory
from core_compiler.plan.nested.samples import samples
from core_compiler.plan.nested.search import nested_tree
from core_compiler.plan.nested.trees import Inner, Tree, seconds_of, tasks_of
from core_compiler.plan.nested.windows import windows

SECONDS = st.floats(0, 100, allow_nan=False).map(lambda value: round(value, 3))


@st.composite
def trees(draw: st.DrawFn, most: int = 24) -> Tree:
    """A random series-parallel tree over 0 to n-1, its leaves in any order."""
    leaves = draw(st.permutations(range(draw(st.integers(1, most)))))
    parts: list[Tree] = list(leaves)
    while len(parts) > 1:
        at = draw(st.integers(0, len(parts) - 2))
        kind = draw(st.sampled_from(("series", "parallel")))
        parts[at : at + 2] = [Inner(kind, (parts[at], parts[at + 1]))]
    return parts[0]


def order_of(tree: Tree) -> list[tuple[int, int]]:
    """All pairs of a series-parallel order."""
    if isinstance(tree, int):
        return []
    inner = [pair for part in tree.parts for pair in order_of(part)]
    if tree.kind == "series":
        first, second = tree.parts
        inner += [(u, v) for u in tasks_of(first) for v in tasks_of(second)]
    return inner


@st.composite
def graphs(draw: st.DrawFn, most: int = 12) -> tuple[int, list[tuple[int, int]], list[float]]:
    """A transitively reduced graph over 0 to n-1 in topological order, and seconds."""
    n = draw(st.integers(1, most))
    pairs = [(u, v) for v in range(n) for u in range(v)]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=3 * n)) if pairs else []
    return n, list(transitive_reduction(n, edges)), draw(st.lists(SECONDS, min_size=n, max_size=n))


def longest(n: int, edges: Sequence[tuple[int, int]], seconds: Sequence[float]) -> float:
    ends = [0.0] * n
    for v in range(n):
        ends[v] = seconds[v] + max((ends[u] for u, w in edges if w == v), default=0.0)
    return max(ends)


def optimum(n: int, edges: Sequence[tuple[int, int]], seconds: Sequence[float]) -> float:
    """By trying every way to divide a set: side by side where no edge leads across, else in a row."""

    @cache
    def best(nodes: frozenset[int]) -> float:
        if len(nodes) == 1:
            return seconds[min(nodes)]
        found = float("inf")
        members = sorted(nodes)
        for mask in range(1, (1 << len(members)) - 1):
            first = frozenset(node for index, node in enumerate(members) if mask >> index & 1)
            second = nodes - first
            forth = any(u in first and v in second for u, v in edges)
            back = any(u in second and v in first for u, v in edges)
            if not forth and not back:
                found = min(found, max(best(first), best(second)))
            elif not back:
                found = min(found, best(first) + best(second))
        return found

    return best(frozenset(range(n)))


@given(trees(), st.data())
def test_a_series_parallel_order_is_recognised(tree: Tree, data: st.DataObject):
    n = len(tasks_of(tree))
    edges = transitive_reduction(n, order_of(tree))
    seconds = data.draw(st.lists(SECONDS, min_size=n, max_size=n))
    quotient = Quotient(n, edges, seconds)
    quotient.contract(data.draw(st.permutations(range(n))))
    assert all(not quotient.before[node] and not quotient.after[node] for node in quotient.nodes())
    found = nested_tree(n, edges, seconds)
    assert sorted(order_of(_binary(found))) == sorted(order_of(tree))


def _binary(tree: Tree) -> Tree:
    if isinstance(tree, int):
        return tree
    parts = [_binary(part) for part in tree.parts]
    while len(parts) > 1:
        parts[:2] = [Inner(tree.kind, (parts[0], parts[1]))]
    return parts[0]


@given(graphs(7))
@settings(max_examples=60)
def test_small_graphs_are_structured_as_fast_as_can_be(drawn: tuple[int, list[tuple[int, int]], list[float]]):
    n, edges, seconds = drawn
    assert seconds_of(nested_tree(n, edges, seconds), seconds) == pytest.approx(optimum(n, edges, seconds))


@given(graphs(40), st.integers(1, 6), st.integers(0, 400))
def test_the_search_along_an_extension_keeps_every_edge(
    drawn: tuple[int, list[tuple[int, int]], list[float]], width: int, limit: int
):
    n, edges, seconds = drawn
    before = [[u for u, w in edges if w == v] for v in range(n)]
    solved = Intervals(before, seconds, width, 100, limit).best()
    assert solved.seconds == pytest.approx(seconds_of(solved.tree, seconds))
    assert sorted(tasks_of(solved.tree)) == list(range(n))
    assert set(edges) <= set(order_of(_binary(solved.tree)))


@given(graphs(40), st.integers(0, 400))
def test_searches_that_share_a_memory_find_nothing_slower_than_their_bound(
    drawn: tuple[int, list[tuple[int, int]], list[float]], limit: int
):
    n, edges, seconds = drawn
    core = Core([[u for u, w in edges if w == v] for v in range(n)], seconds)
    memory, bound = Memory(n), float("inf")
    for order in extensions(core):
        moved = along(core, order)
        solved = Intervals(moved.before, moved.seconds, 3, 100, limit, memory=memory, order=order).best(0.0, bound)
        if solved.seconds < bound:
            assert solved.seconds == pytest.approx(seconds_of(solved.tree, seconds))
            assert sorted(tasks_of(solved.tree)) == list(range(n))
            assert set(edges) <= set(order_of(_binary(solved.tree)))
            bound = solved.seconds
    assert bound < float("inf")


@given(trees(), st.data())
def test_a_task_may_start_as_late_as_its_window_says(tree: Tree, data: st.DataObject):
    n = len(tasks_of(tree))
    seconds = data.draw(st.lists(SECONDS, min_size=n, max_size=n))
    whole = seconds_of(tree, seconds)
    earliest, latest = windows(tree, seconds)
    for leaf in range(n):
        held = [own + (latest[leaf] - earliest[leaf]) * (node == leaf) for node, own in enumerate(seconds)]
        assert seconds_of(tree, held) == pytest.approx(whole)
        held[leaf] += 1.0
        assert seconds_of(tree, held) > whole
    assert min(earliest) == 0.0


def test_a_cut_may_lead_through_a_series_parallel_part():
    # d and e are in a row, but kept together they would wait for a together, or c for both of them: 14 seconds.
    shape = graph("a c", "b c", "b d", "d e")
    seconds = {"a": 6.0, "b": 3.0, "c": 5.0, "d": 3.0, "e": 5.0}
    assert makespan(structure(shape, "nested", Durations(seconds)), seconds, overhead=0) == 11


@given(graphs(10))
def test_the_exact_search_and_the_one_along_an_extension_agree_on_what_is_possible(
    drawn: tuple[int, list[tuple[int, int]], list[float]],
):
    n, edges, seconds = drawn
    core = Core([[u for u, w in edges if w == v] for v in range(n)], seconds)
    tree = exact(core)
    assert tree is not None
    assert set(edges) <= set(order_of(_binary(tree)))
    least = seconds_of(tree, seconds)
    assert least >= longest(n, edges, seconds) - 1e-6
    for order in extensions(core):
        place = {node: at for at, node in enumerate(order)}
        before = [[place[other] for other in core.before[node]] for node in order]
        found = Intervals(before, [seconds[node] for node in order], 6, 1000, 10_000).best()
        assert found.seconds >= least - 1e-6


@given(workflows(16), st.data())
def test_nested_is_never_slower_than_layers(workflow: Workflow, data: st.DataObject):
    seconds = {task.id: data.draw(SECONDS) for task in workflow.tasks}
    durations = Durations(seconds)
    nested, layers = (structure(workflow, name, durations) for name in ("nested", "layers"))
    assert makespan(nested, seconds) <= makespan(layers, seconds) + 1e-6


def test_the_article_s_barrier_is_gone():
    plan = structure(graph("x 2x", "x xy", "y xy", "y yz", "z yz"), "nested", Durations(dict.fromkeys(NAMES, 1.0)))
    assert makespan(plan, {**dict.fromkeys(NAMES, 1.0), "2x": 2.0}, overhead=0) == 3


NAMES = ("x", "y", "z", "2x", "xy", "yz")


def test_an_n_puts_the_short_one_first():
    shape = graph("a c", "a d", "b d")
    seconds = {"a": 0.3, "b": 1.0, "c": 1.2, "d": 0.3}
    plan = structure(shape, "nested", Durations(seconds))
    # Either c waits for b or b's end waits for nobody: the cheaper of the two orders is chosen.
    assert makespan(plan, seconds, overhead=0) == pytest.approx(1.6)


def test_edges_that_promise_no_order_are_still_reduced():
    early = graph("a b", "b c", "a c", b=TriggerRule.ONE_SUCCESS)
    assert structure(early, "nested") == Series((Series((Run("a"), Run("b"), Run("c"))), Finish(("c",))))


def test_branches_come_in_the_workflow_s_order():
    plan = structure(graph("a d", "b d", "c d"), "nested")
    assert plan == Series((Series((Parallel((Run("a"), Run("b"), Run("c"))), Run("d"))), Finish(("d",))))


def test_forks_do_not_nest_without_end():
    deep: Tree = 0
    for leaf in range(1, 120, 2):
        deep = Inner("parallel", (Inner("series", (leaf, deep)), leaf + 1))
    n = len(tasks_of(deep))
    edges = transitive_reduction(n, order_of(_binary(deep)))
    before = [[u for u, w in edges if w == v] for v in range(n)]
    flat = shallow(deep, before)
    assert depth_of(deep) == 60
    assert depth_of(flat) <= DEEPEST
    assert set(edges) <= set(order_of(_binary(flat)))
    assert sorted(tasks_of(flat)) == list(range(n))
    assert depth_of(hoisted(deep)) <= DEEPEST
    assert sorted(tasks_of(hoisted(deep))) == list(range(n))


def depth_of(tree: Tree) -> int:
    if isinstance(tree, int):
        return 0
    return max(map(depth_of, tree.parts)) + (tree.kind == "parallel")


def test_where_nothing_is_sure_the_pool_holds_against_what_may_turn_out():
    shape = graph("a c", "a d", "b d", "b e", "d f", "c f")
    names = [task.id for task in shape.tasks]
    guess = Durations(dict.fromkeys(names, 10.0), spread=1.0)
    draws = samples([10.0] * len(names), 1.0)
    assert draws == samples([10.0] * len(names), 1.0)

    def mean(structure_name: str) -> float:
        plan = structure(shape, structure_name, guess)
        return sum(makespan(plan, dict(zip(names, draw, strict=True))) for draw in draws)

    assert mean("nested") <= mean("layers") + 1e-6
