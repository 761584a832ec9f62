"""The pass `gate`: decisions and gates become order, never part of what a rule looks at."""

from __future__ import annotations

from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink
from core_compiler.emit.events import run_event
from core_compiler.ir import (
    Branch,
    Edge,
    Gate,
    GateKind,
    Mapping,
    NoOp,
    Output,
    ShortCircuit,
    Task,
    TriggerRule,
    Workflow,
)
from core_compiler.ir.codec import decode, encode
from core_compiler.passes import PASSES, run_passes
from core_compiler.plan import structure
from core_compiler.plan.early import starts_late
from core_compiler.plan.order import loose_upstream


def passed(*tasks: Task, edges: str) -> Workflow:
    """The workflow after all passes; edges as "ab bc"."""
    workflow = Workflow(name="w", tasks=tasks, edges=tuple(Edge(*pair) for pair in edges.split()))
    assert decode(encode(workflow)) == workflow
    sink = Sink()
    found = run_passes(workflow, PASSES, sink)
    assert found is not None, sink.diagnostics
    return found


def task(name: str, **fields: object) -> Task:
    return Task(id=name, component=NoOp(), **fields)  # pyright: ignore[reportArgumentType] by keyword


def order(workflow: Workflow) -> list[str]:
    return sorted(edge.upstream + edge.downstream for edge in workflow.edges)


def test_a_decision_gates_what_it_may_skip():
    found = passed(task("a", decision=ShortCircuit(("b", "c"))), task("b"), task("c"), edges="ab bc")
    assert [one.gates for one in found.tasks] == [(), *[(Gate("a", GateKind.MAY_SKIP),)] * 2]
    assert [one.upstream for one in found.tasks] == [(), ("a",), ("b",)]
    assert order(found) == ["ab", "bc"], "the edge that the gate implies is redundant"


def test_past_an_early_task_the_order_stays():
    early = task("b", rule=TriggerRule.ONE_SUCCESS)
    found = passed(task("a", decision=ShortCircuit(("c",))), early, task("c"), edges="ab bc")
    assert order(found) == ["ab", "ac", "bc"]
    assert found.tasks[2].upstream == ("b",)


def test_a_gate_that_only_orders_is_no_part_of_the_event():
    gated = task("b", gates=(Gate("a", GateKind.AFTER), Gate("c", GateKind.SETUP)))
    found = passed(task("a"), task("c"), gated, edges="cb")
    assert order(found) == ["ab", "cb"]
    assert found.tasks[2].upstream == ("c",)
    assert run_event(found.tasks[2], found.failure_policy)["gates"] == [{"task": "c", "kind": "setup"}]


def test_gates_and_decisions_make_cycles():
    for one in (
        task("a", gates=(Gate("b", GateKind.REQUIRES),)),
        task("a"),
    ):
        other = task("b", decision=None if one.gates else Branch(("a",)))
        sink = Sink()
        assert compile_workflow(Workflow(name="w", tasks=(one, other), edges=(Edge("a", "b"),)), sink) is None
        assert [found.code for found in sink.diagnostics] == ["SW104"]


def test_gates_and_decisions_name_tasks_that_are_there():
    sink = Sink()
    lost = task("a", gates=(Gate("x", GateKind.SETUP),), decision=ShortCircuit(("y",)))
    assert compile_workflow(Workflow(name="w", tasks=(lost,)), sink) is None
    assert [(found.code, found.message) for found in sink.diagnostics] == [
        ("SW103", "a gate names the task 'x', which is not in the workflow"),
        ("SW103", "a decision names the task 'y', which is not in the workflow"),
    ]


def test_what_gives_a_task_its_items_comes_before_it_whatever_its_rule():
    """Found by the chaos runs: under one_success it was looked at at once, and called upstream_failed for good."""
    over = Mapping(over={"x": Output("a")})
    early = task("m", rule=TriggerRule.ONE_SUCCESS, mapping=over)
    found = passed(task("a"), task("b"), early, edges="am bm")
    assert found.tasks[2].gates == (Gate("a", GateKind.AFTER),)
    assert loose_upstream(found.tasks[2]) == {"b"}
    late = passed(task("a"), task("b"), task("m", mapping=over), edges="am bm")
    assert late.tasks[2].gates == ()
    alone = passed(task("a"), early, edges="am")
    assert starts_late(structure(alone, "nested"), alone) is None, "Airflow starts it no sooner"
