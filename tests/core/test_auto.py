"""Auto: nothing waits for what it need not where that is asked for, and awaits are few where durations are known."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.workflows import graph, workflows

from benchmarks.families import cholesky
from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink
from core_compiler.graph import transitive_reduction
from core_compiler.ir import Mapping, Output, TriggerRule, Workflow
from core_compiler.passes import PASSES, run_passes
from core_compiler.plan import OPTIMIZE, Durations, awaits, chosen, structure
from core_compiler.plan.auto.candidates import Candidate, candidates
from core_compiler.plan.auto.ease import eased
from core_compiler.plan.auto.floor import Floor
from core_compiler.plan.auto.loosen import loosen
from core_compiler.plan.auto.straighten import straightened
from core_compiler.plan.auto.tighten import tighten
from core_compiler.plan.auto.timing import TreeTiming
from core_compiler.plan.early import Decided, starts_late
from core_compiler.plan.evaluate import OVERHEAD, makespan, transitions
from core_compiler.plan.nested.depth import hoisted
from core_compiler.plan.nested.graph import Early, Graph
from core_compiler.plan.nested.modules import Quotient
from core_compiler.plan.nested.trees import Tree, fork, row, tasks_of
from core_compiler.plan.timeline import timeline

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


def passed(workflow: Workflow) -> Workflow:
    """The workflow as plans are made of it: each task knows what its rule looks at."""
    reduced = run_passes(workflow, PASSES, Sink())
    assert reduced is not None
    return reduced


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


@st.composite
def with_early_rules(draw: st.DrawFn, made: Graph) -> Graph:
    """The graph, some of whose tasks with several predecessors may be decided without any of them."""
    early = {
        task: Early(tuple(others), draw(st.sampled_from(Decided)))
        for task, others in enumerate(made.before())
        if len(others) > 1 and draw(st.booleans())
    }
    return Graph(made.names, [(u, v) for u, v in made.edges if v not in early], early)


@given(graphs(), st.data())
def test_what_is_called_safe_is_never_slower_than_layers(drawn: tuple[Graph, list[float]], data: st.DataObject):
    made, guess = drawn
    # All alike, when states decide; or a few long ones, when order does.
    few = st.lists(st.sampled_from([1.0, 100.0]), min_size=len(guess), max_size=len(guess))
    real = data.draw(st.just([10.0] * len(guess)) | few)
    made = data.draw(st.just(made) | with_early_rules(made))
    found = candidates(made, guess, 1.0).candidates
    assert found[0].name == "layers"
    assert found[0].safe
    # Rules may be decided with the last task that they look at, as they are in layers.
    takes = [max(TreeTiming(one.tree, made.before(), made.early).ends(real, at_worst=True)) for one in found]
    assert all(other <= takes[0] + 1e-6 for one, other in zip(found, takes, strict=True) if one.safe)


def test_order_inside_of_a_layer_is_not_safe():
    floor = Floor(made := Graph(list("abcde"), [(0, 1), (0, 2), (0, 3), (3, 4)]))
    assert floor.holds(TreeTiming(row([0, fork([1, 2, row([3, 4])])]), made.before()))
    chained = TreeTiming(row([0, fork([row([1, 2]), row([3, 4])])]), made.before())
    assert not floor.holds(chained)
    # Where all are alike it is no slower, but where two that lie in one layer are long.
    assert chained.makespan([1.0] * 5) <= max(floor.ends([1.0] * 5))
    assert chained.makespan([1.0, 9.0, 9.0, 1.0, 1.0]) > max(floor.ends([1.0, 9.0, 9.0, 1.0, 1.0]))


def test_a_rule_may_be_decided_with_the_last_task_that_it_looks_at():
    """d is awaited in two states more than layers take, where a does not decide it."""
    made = Graph(list("abcd"), [(0, 1), (1, 2)], {3: Early((0, 2), Decided.FIRST)})
    timing = TreeTiming(fork([row([0, 1, 2]), 3]), made.before(), made.early)
    assert timing.ends([1.0] * 4)[3] < 3
    assert timing.ends([1.0] * 4, at_worst=True)[3] > 4
    assert not Floor(made).holds(timing)


def test_each_part_of_a_graph_is_held_to_its_own_layers():
    floor = Floor(made := Graph(list("abcdef"), [(0, 1), (1, 2), (2, 3), (4, 5)]))
    chain = row([0, 1, 2, 3])
    assert floor.holds(TreeTiming(fork([chain, row([4, 5])]), made.before()))
    # The last of the short part awaits: a state more, which the chain hides.
    assert not floor.holds(TreeTiming(fork([chain, 4, 5]), made.before()))


def test_of_barriers_that_all_do_the_one_that_costs_least_is_taken():
    """Cholesky's: one before any of two of its last tasks does."""
    count, edges = cholesky(75)
    pairs = [(u, v) for u, v in transitive_reduction(count, [(int(u), int(v)) for u, v in edges])]
    made = Graph([f"t{at}" for at in range(count)], pairs)
    found = {one.name: one for one in candidates(made, [10.0] * count, 1.0).candidates}
    assert found["mixed"].safe
    assert found["mixed"].seconds < found["rendezvous"].seconds


def lattice(width: int) -> Graph:
    """A task, then three stages, each task of which follows two of the stage before, then one task; one beside it."""
    edges = [(0, 1 + at) for at in range(width)]
    for first in (1, 1 + width):
        edges += [(first + at, first + width + to) for at in range(width) for to in (at, (at + 1) % width)]
    last = 1 + 3 * width
    edges += [(last - width + at, last) for at in range(width)] + [(0, last + 1)]
    return Graph([f"t{task}" for task in range(last + 2)], edges)


def test_where_states_make_a_plan_slower_than_layers_one_barrier_that_they_have_makes_up_for_it():
    made = lattice(4)
    alike, count = [10.0] * len(made.names), len(made.names)
    found = {one.name: one for one in candidates(made, alike, 1.0).candidates}
    took = {name: TreeTiming(one.tree, made.before()) for name, one in found.items()}
    assert not found["rendezvous"].safe
    assert took["mixed"].makespan(alike) <= took["layers"].makespan(alike) < took["rendezvous"].makespan(alike)
    assert found["mixed"].seconds < 1.01 * found["rendezvous"].seconds < found["layers"].seconds
    # One that nobody follows is waited for, and so much is known of nothing else.
    long = [100.0 if task == count - 1 else 1.0 for task in range(count)]
    assert took["mixed"].makespan(long) > took["rendezvous"].makespan(long)
    long = [100.0 if task in (1, 8) else 1.0 for task in range(count)]
    assert took["mixed"].makespan(long) < 0.6 * took["layers"].makespan(long)


@pytest.mark.parametrize(("safe_seconds", "taken"), [(100.5, "mixed"), (102.0, "rendezvous")])
def test_what_is_never_slower_than_layers_is_taken_if_it_costs_little(safe_seconds: float, taken: str):
    layers = Candidate("layers", 0, 150.0, 10, safe=True)
    loose = Candidate("rendezvous", 0, 100.0, 12, safe=False)
    safe = Candidate("mixed", 0, safe_seconds, 12, safe=True)
    assert OPTIMIZE["balanced"]([layers, loose, safe]).name == taken
    assert OPTIMIZE["time"]([layers, loose, safe]).name == "rendezvous"


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
    reduced = passed(workflow)
    found = chosen(reduced, "auto", Durations(seconds, spread), optimize)
    (taken,) = (choice for choice in found.choices if choice.taken)
    layers = next(choice for choice in found.choices if choice.name == "layers")
    assert taken.seconds >= found.critical_path - 1e-6
    # Layers that start a task later than its rule would are no choice, where that can be helped.
    on_time = starts_late(structure(reduced, "layers"), reduced) is None
    real = [choice for choice in found.choices if on_time or choice is not layers or choice.taken]
    if optimize == "time":
        assert taken.seconds == min(choice.seconds for choice in real)
    if optimize == "cost" and on_time:
        assert taken.seconds <= layers.seconds
        assert taken.transitions <= layers.transitions


@given(workflows(12), st.data())
@settings(max_examples=40)
def test_what_is_predicted_of_a_choice_is_what_its_plan_takes(workflow: Workflow, data: st.DataObject):
    seconds = {task.id: data.draw(SECONDS) for task in workflow.tasks}
    reduced = passed(workflow)
    found = chosen(reduced, "auto", Durations(seconds))
    (taken,) = (choice for choice in found.choices if choice.taken)
    took = timeline(found.plan, reduced, Durations(seconds))
    assert max(took.ends.values()) == pytest.approx(taken.seconds, abs=0.001)
    assert sum(seconds[task] for task in took.critical_path) == pytest.approx(found.critical_path)
    assert transitions(found.plan) + 1 == taken.transitions
    assert (taken.name in ("layers", "nested")) <= (not list(awaits(found.plan)))


def test_rows_count_items_and_early_rules_as_the_prediction_and_the_timeline_do():
    """first is decided by fast; many has ten items, of which two run at once."""
    shape = graph("list many", "fast first", "slow first", "fast b", "slow b", "many end", "first end", "b end")
    tasks = {task.id: task for task in shape.tasks}
    tasks["many"] = msgspec.structs.replace(tasks["many"], mapping=Mapping({"x": Output("list")}, limit=2))
    tasks["first"] = msgspec.structs.replace(tasks["first"], rule=TriggerRule.ONE_SUCCESS)
    workflow = msgspec.structs.replace(shape, tasks=tuple(tasks.values()))
    durations = Durations({"list": 1, "many": 3, "fast": 2, "slow": 50, "first": 70, "b": 1, "end": 1})
    compiled = compile_workflow(workflow, Sink(), durations=durations)
    assert compiled is not None
    (taken,) = (choice for choice in compiled.choices if choice.taken)
    took = timeline(compiled.plan, compiled.workflow, durations)
    assert list(awaits(compiled.plan))
    assert taken.name not in ("layers", "nested")
    assert taken.transitions == compiled.prediction.transitions > 20
    assert taken.seconds == pytest.approx(max(took.ends.values()), abs=0.001)
    assert took.starts["first"] < 3
    assert took.ends["many"] - took.starts["many"] == pytest.approx(15)
    assert took.critical_path == ("fast", "first", "end")
    assert compiled.critical_path == pytest.approx(73)


def test_a_task_that_starts_early_is_not_made_to_wait_where_that_would_save_an_await():
    workflow = passed(graph("a c", "b c", "c d", c=TriggerRule.ONE_SUCCESS))
    for optimize in OPTIMIZE:
        alike = Durations(dict.fromkeys("abcd", 10.0), 1.0)
        found = chosen(workflow, "auto", alike, optimize)
        assert starts_late(found.plan, workflow) is None
        assert [(one.name, one.late) for one in found.choices if one.late] == [("layers", 1)]
        assert not any(one.taken for one in found.choices if one.late)


N = graph("a c", "a d", "b d")


def test_an_await_only_where_it_buys_time():
    late = Durations({"a": 1.0, "b": 9.0, "c": 9.0, "d": 1.0})
    assert [step.others for step in awaits(structure(N, "auto", late))] in ([("b",)], [("a",)])
    # c has time to wait for b, or d for c.
    early = Durations({"a": 9.0, "b": 1.0, "c": 9.0, "d": 1.0})
    assert list(awaits(structure(N, "auto", early))) == []


def test_where_nothing_is_known_nothing_waits():
    assert len(list(awaits(structure(N)))) == 1
