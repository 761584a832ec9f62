"""Auto: nothing waits for what it need not where that is asked for, and awaits are few where durations are known."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.workflows import graph, workflows

from core_compiler.diagnostics import Sink
from core_compiler.graph import transitive_reduction
from core_compiler.ir import Workflow
from core_compiler.passes import PASSES, run_passes
from core_compiler.plan import OPTIMIZE, Durations, awaits, chosen, structure
from core_compiler.plan.auto.candidates import candidates
from core_compiler.plan.auto.ease import eased
from core_compiler.plan.auto.floor import Floor
from core_compiler.plan.auto.loosen import loosen
from core_compiler.plan.auto.straighten import straightened
from core_compiler.plan.auto.tighten import tighten
from core_compiler.plan.auto.timing import TreeTiming
from core_compiler.plan.evaluate import OVERHEAD, makespan, transitions
from core_compiler.plan.nested.depth import hoisted
from core_compiler.plan.nested.graph import Graph
from core_compiler.plan.nested.modules import Quotient
from core_compiler.plan.nested.trees import Tree, fork, tasks_of

SECONDS = st.floats(0.1, 100).map(lambda value: round(value, 3))


@st.composite
def graphs(draw: st.DrawFn, most: int = 30) -> tuple[Graph, list[float]]:
    n = draw(st.integers(1, most))
    pairs = [(u, v) for v in range(n) for u in range(v)]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=3 * n)) if pairs else []
    names = [f"t{node}" for node in range(n)]
    return Graph(names, list(transitive_reduction(n, edges))), draw(st.lists(SECONDS, min_size=n, max_size=n))


def longest(before: Sequence[Sequence[int]], seconds: Sequence[float]) -> float:
    ends: list[float] = []
    for own, others in zip(seconds, before, strict=True):
        ends.append(own + max((ends[other] for other in others), default=0.0))
    return max(ends)


def loosened(made: Graph, seconds: Sequence[float]) -> Tree:
    quotient = Quotient(len(made.names), made.edges, seconds)
    quotient.contract(range(len(made.names)))
    loosen(quotient)
    assert not any(quotient.before)
    return fork([quotient.trees[node] for node in quotient.nodes()])


@given(graphs(), st.data())
def test_a_loosened_plan_takes_the_critical_path_whatever_the_durations(
    drawn: tuple[Graph, list[float]], data: st.DataObject
):
    made, guess = drawn
    tree = loosened(made, guess)
    assert sorted(tasks_of(tree)) == list(range(len(made.names)))
    real = data.draw(st.lists(SECONDS, min_size=len(guess), max_size=len(guess)))
    assert TreeTiming(tree, made.before()).makespan(real, 0.0) == pytest.approx(longest(made.before(), real))


@given(graphs(), st.data())
def test_an_eased_plan_adds_no_order_and_enters_no_more_states(drawn: tuple[Graph, list[float]], data: st.DataObject):
    made, guess = drawn
    before = made.before()
    real = data.draw(st.lists(SECONDS, min_size=len(guess), max_size=len(guess)))
    tree = hoisted(loosened(made, guess))
    easy = eased(tree, before)
    straight = straightened(easy, before, guess, Floor(made), 20)
    for other in (easy, straight):
        assert sorted(tasks_of(other)) == list(range(len(guess)))
        assert TreeTiming(other, before).makespan(real, 0.0) == pytest.approx(longest(before, real))
    entered = [TreeTiming(one, before).transitions for one in (tree, easy, straight)]
    assert entered == sorted(entered, reverse=True)


def test_where_all_tasks_turn_out_alike_awaits_cost_no_more_than_layers():
    article = graph("x 2x", "x xy", "y xy", "xy yz", "z yz")
    seconds = dict.fromkeys(("x", "y", "z", "2x", "xy", "yz"), 10.0)
    plan = chosen(article, "auto", Durations(seconds, 1.0), "time").plan
    assert list(awaits(plan))
    assert makespan(plan, seconds) <= makespan(structure(article, "layers", Durations(seconds, 1.0)), seconds)


@given(graphs(), st.data())
def test_what_is_called_safe_is_never_slower_than_layers(drawn: tuple[Graph, list[float]], data: st.DataObject):
    made, guess = drawn
    real = data.draw(st.lists(st.floats(1, 100), min_size=len(guess), max_size=len(guess)))
    found = candidates(made, guess, 1.0).candidates
    assert found[0].name == "layers"
    assert found[0].safe
    takes = [TreeTiming(one.tree, made.before()).makespan(real) for one in found]
    assert all(other <= takes[0] + 1e-6 for one, other in zip(found, takes, strict=True) if one.safe)


@pytest.mark.parametrize(("beside", "gathers"), [(40, True), (1, False)])
def test_auto_gathers_like_layers_where_that_costs_next_to_nothing(beside: int, gathers: bool):
    many = [f"a{number}" for number in range(beside)]
    shape = graph("s w", *(f"s {one}" for one in many), *(f"{one} z" for one in many), "s b", "b z")
    unknown = Durations({task.id: 10.0 for task in shape.tasks}, 1.0)
    found = chosen(shape, "auto", unknown)
    # w ends before z in layers, and in a fork that z follows; beside that fork it costs the others a state.
    layers = makespan(structure(shape, "layers", unknown), unknown.seconds)
    assert (makespan(found.plan, unknown.seconds) <= layers) is gathers
    (taken,) = (choice for choice in found.choices if choice.taken)
    assert taken.seconds <= 1.01 * min(choice.seconds for choice in found.choices)


@given(graphs(16))
@settings(max_examples=50)
def test_a_tightened_plan_has_fewer_awaits_and_keeps_to_its_limit(drawn: tuple[Graph, list[float]]):
    made, bare = drawn
    seconds = [own + OVERHEAD for own in bare]
    tree = loosened(made, seconds)
    loose = TreeTiming(tree, made.before())
    limit = loose.makespan(bare) * 1.05
    tight = TreeTiming(tighten(made, seconds, tree, limit, 10), made.before())
    assert len(tight.awaited) <= len(loose.awaited)
    assert tight.makespan(bare) <= limit + 1e-6


@given(workflows(16), st.sampled_from(sorted(OPTIMIZE)), st.sampled_from((0.0, 1.0)), st.data())
@settings(max_examples=60)
def test_every_choice_is_sound_and_keeps_its_promise(
    workflow: Workflow, optimize: str, spread: float, data: st.DataObject
):
    seconds = {task.id: data.draw(SECONDS) for task in workflow.tasks}
    found = chosen(workflow, "auto", Durations(seconds, spread), optimize)
    (taken,) = (choice for choice in found.choices if choice.taken)
    layers = next(choice for choice in found.choices if choice.name == "layers")
    assert taken.seconds >= found.critical_path - 1e-6
    if optimize == "time":
        assert taken.seconds == min(choice.seconds for choice in found.choices)
    if optimize == "cost":
        assert taken.seconds <= layers.seconds
        assert taken.transitions <= layers.transitions


@given(workflows(12, rules=False), st.data())
@settings(max_examples=40)
def test_what_is_predicted_of_a_choice_is_what_its_plan_takes(workflow: Workflow, data: st.DataObject):
    seconds = {task.id: data.draw(SECONDS) for task in workflow.tasks}
    reduced = run_passes(workflow, PASSES, Sink())
    assert reduced is not None
    found = chosen(reduced, "auto", Durations(seconds))
    (taken,) = (choice for choice in found.choices if choice.taken)
    # The start state comes before everything.
    assert makespan(found.plan, seconds) == pytest.approx(taken.seconds + OVERHEAD)
    assert transitions(found.plan) + 1 == taken.transitions


N = graph("a c", "a d", "b d")


def test_an_await_only_where_it_buys_time():
    late = Durations({"a": 1.0, "b": 9.0, "c": 9.0, "d": 1.0})
    assert [step.others for step in awaits(structure(N, "auto", late))] in ([("b",)], [("a",)])
    # c has time to wait for b, or d for c.
    early = Durations({"a": 9.0, "b": 1.0, "c": 9.0, "d": 1.0})
    assert list(awaits(structure(N, "auto", early))) == []


def test_where_nothing_is_known_nothing_waits():
    assert len(list(awaits(structure(N)))) == 1
