"""Tasks that could start early: noted where the plan makes them wait, and only there."""

from __future__ import annotations

import pytest

from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink
from core_compiler.ir import Edge, NoOp, Task, TriggerRule, Workflow


def said(rule: TriggerRule, edges: str, structure: str) -> list[str]:
    names = sorted(set(edges) - {" "})
    tasks = tuple(Task(id=name, component=NoOp(), rule=rule if name == "z" else TriggerRule.ALL_DONE) for name in names)
    workflow = Workflow(name="w", tasks=tasks, edges=tuple(Edge(pair[0], pair[1]) for pair in edges.split()))
    sink = Sink()
    assert compile_workflow(workflow, sink, structure_name=structure) is not None
    return [one.subject for one in sink.diagnostics if one.code == "SW418"]


@pytest.mark.parametrize("structure", ["layers", "nested", "serial"])
@pytest.mark.parametrize("rule", ["one_success", "one_failed", "one_done", "always"])
def test_forks_and_joins_make_early_rules_wait(rule: str, structure: str) -> None:
    assert said(TriggerRule(rule), "az bz", structure) == ["z"]
    assert said(TriggerRule.ALL_DONE, "az bz", structure) == []


@pytest.mark.parametrize("rule", ["one_success", "one_failed", "one_done"])
def test_a_rendezvous_does_not(rule: str) -> None:
    assert said(TriggerRule(rule), "az bz", "rendezvous") == []


def test_one_upstream_task_decides_with_its_end() -> None:
    assert said(TriggerRule.ONE_SUCCESS, "az", "layers") == []
    assert said(TriggerRule.ALWAYS, "az", "layers") == ["z"]
