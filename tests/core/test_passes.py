"""Passes: what they promise, held against networkx; and a pass that breaks the IR is named."""

import msgspec
import networkx as nx
import pytest
from hypothesis import given
from support.workflows import graph, workflows

from core_compiler.diagnostics import Sink
from core_compiler.ir import EARLY_RULES, Edge, EdgeKind, NoOp, Output, Task, TriggerRule, Workflow
from core_compiler.passes import PASSES, BrokenPass, Pass, run_passes


def compiled(workflow: Workflow) -> Workflow:
    """Passes' result; values read over no edge cannot come out of `graph` or `workflows`."""
    sink = Sink()
    passed = run_passes(workflow, PASSES, sink)
    assert passed is not None, sink.diagnostics
    return passed


def ends(workflow: Workflow) -> set[tuple[str, str]]:
    return {(edge.upstream, edge.downstream) for edge in workflow.edges}


@given(workflows(rules=False))
def test_reduction_is_networkx_transitive_reduction(workflow: Workflow):
    before = nx.DiGraph(list(ends(workflow)))
    assert ends(compiled(workflow)) == set(nx.transitive_reduction(before).edges)


@given(workflows())
def test_upstream_is_what_the_edges_said_before_reduction(workflow: Workflow):
    passed = compiled(workflow)
    for task in passed.tasks:
        assert set(task.upstream or ()) == {up for up, down in ends(workflow) if down == task.id}


@given(workflows())
def test_what_comes_before_what_is_kept_without_early_tasks(workflow: Workflow):
    early = {task.id for task in workflow.tasks if task.rule in EARLY_RULES}

    def ordering(edges: set[tuple[str, str]]) -> set[tuple[str, str]]:
        solid = nx.DiGraph([(up, down) for up, down in edges if down not in early])
        return set(nx.transitive_closure(solid).edges)

    assert ordering(ends(compiled(workflow))) == ordering(ends(workflow))


@given(workflows())
def test_passes_are_idempotent(workflow: Workflow):
    once = compiled(workflow)
    assert run_passes(once, PASSES[1:], Sink()) == once


def test_an_edge_around_an_early_task_stays():
    workflow = graph("a b", "b c", "a c", b=TriggerRule.ONE_SUCCESS)
    assert ends(compiled(workflow)) == {("a", "b"), ("b", "c"), ("a", "c")}


def test_two_edges_between_the_same_tasks_become_one_of_data():
    workflow = graph("a b")
    doubled = msgspec.structs.replace(workflow, edges=(*workflow.edges, Edge("a", "b", EdgeKind.DATA)))
    assert compiled(doubled).edges == (Edge("a", "b", EdgeKind.DATA),)


def test_a_pass_that_breaks_the_workflow_is_named():
    def forget(workflow: Workflow, sink: Sink) -> Workflow:
        return msgspec.structs.replace(workflow, tasks=workflow.tasks[1:])

    with pytest.raises(BrokenPass, match="after check, forget"):
        run_passes(graph("a b"), (PASSES[0], Pass("forget", forget)), Sink())


def test_reading_a_value_implies_an_edge():
    reader = Task(id="b", component=NoOp(), args=(Output("a"),))
    passed = compiled(Workflow(name="w", tasks=(Task(id="a", component=NoOp()), reader)))
    assert passed.edges == (Edge("a", "b", EdgeKind.DATA),)
    assert passed.tasks[1].upstream == ("a",)
