"""Machines that start machines: one run, its records in one place, and as many transitions and events as predicted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.workflows import graph, small

from core_compiler.bundle import write_bundle
from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink
from core_compiler.emit.expected import Cost
from core_compiler.emit.predict import EXPECTED_ITEMS
from core_compiler.ir import (
    Constant,
    Edge,
    EdgeKind,
    FailurePolicy,
    Literal,
    Mapping,
    NoOp,
    Output,
    Shell,
    Task,
    Wait,
    Workflow,
)
from transpilers.local import run_bundle

#: A lattice: what t<row><column> awaits lies in another branch, and with little room in another machine.
SHAPE = graph(*[f"t{row}{at} t{row + 1}{to}" for row in range(4) for at in range(4) for to in {at, (at + 1) % 4}])


def test_children_tell_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    small(monkeypatch, 12_000)
    failing = tuple(Task(id=task.id, component=Shell("exit 1" if task.id == "t11" else "true")) for task in SHAPE.tasks)
    workflow = Workflow(name="lattice", tasks=failing, edges=SHAPE.edges)
    sink = Sink()
    compiled = compile_workflow(workflow, sink, structure_name="rendezvous")
    assert compiled is not None, sink.diagnostics
    assert len(compiled.parts) > 2
    assert write_bundle(compiled, tmp_path / "bundle", sink)
    assert len(list((tmp_path / "bundle" / "machines").iterdir())) == len(compiled.parts)
    ran = run_bundle(tmp_path / "bundle", store=(tmp_path / "store").as_uri(), in_process=True)
    below = {"t21", "t22", "t31", "t32", "t33", "t41", "t42", "t43", "t40"}
    assert ran.status == "FAILED"
    assert ran.tasks == {
        task.id: "failed" if task.id == "t11" else "upstream_failed" if task.id in below else "success"
        for task in workflow.tasks
    }
    assert ran.expected == Cost(ran.transitions, ran.events)


@pytest.mark.parametrize("room", [12_000, 10**6])
def test_predictions_are_what_the_histories_hold(room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    small(monkeypatch, room)
    compiled = compile_workflow(SHAPE, Sink(), structure_name="auto")
    assert compiled is not None
    assert write_bundle(compiled, tmp_path / "bundle", Sink())
    histories: list[list[int]] = []
    seen = fitting_histories(monkeypatch, histories)
    ran = run_bundle(tmp_path / "bundle", store=(tmp_path / "store").as_uri(), in_process=True)
    assert seen
    assert ran.status == "SUCCEEDED"
    assert ran.transitions == compiled.prediction.transitions
    assert len(histories[0]) == compiled.prediction.machines
    assert max(histories[0]) == compiled.prediction.events


def test_a_run_tells_of_its_end_as_one_that_is_not_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Found by this: the error of a child reached the run as States.TaskFailed, its cause as JSON in JSON."""
    small(monkeypatch, 12_000)
    tasks = tuple(Task(id=task.id, component=Shell("exit 1" if task.id == "t11" else "true")) for task in SHAPE.tasks)
    workflow = Workflow(name="l" * 80, tasks=tasks, edges=SHAPE.edges, failure_policy=FailurePolicy.STOP)
    compiled = compile_workflow(workflow, Sink(), structure_name="rendezvous")
    assert compiled is not None
    assert write_bundle(compiled, tmp_path / "bundle", Sink())
    names = [
        part["machine"] for part in json.loads((tmp_path / "bundle" / "manifest.json").read_bytes())["parts"].values()
    ]
    assert len(set(names)) > 2
    assert all(len(name) <= 80 for name in names)
    ran = run_bundle(tmp_path / "bundle", store=(tmp_path / "store").as_uri(), in_process=True)
    assert ran.status == "FAILED"
    assert ran.tasks["t11"] == "failed"
    told = 'the run ended as FAILED: TaskFailed: {"errorMessage":"task t11 failed: TaskError: the command ended with'
    assert ran.diagnostics[-1].message.startswith(told)


def test_mapped_and_waiting_tasks_are_predicted(tmp_path: Path):
    """Items whose number is known, decided item by item; items that a run finds, as many as are expected; a wait."""
    listed = list(range(EXPECTED_ITEMS))
    tasks = (
        Task(id="source", component=Constant(listed), mapped_over=True),
        Task(id="known", component=NoOp(), mapping=Mapping({"x": Literal(listed)})),
        Task(id="found", component=NoOp(), mapping=Mapping({"x": Output("source")})),
        Task(id="waits", component=Wait(-1e6)),
    )
    edges = (Edge("source", "found", EdgeKind.DATA),)
    compiled = compile_workflow(Workflow(name="w", tasks=tasks, edges=edges), sink := Sink(), structure_name="nested")
    assert compiled is not None, sink.diagnostics
    assert write_bundle(compiled, tmp_path / "bundle", Sink())
    ran = run_bundle(tmp_path / "bundle", store=(tmp_path / "store").as_uri(), in_process=True)
    assert ran.status == "SUCCEEDED"
    # The wait was over before it began: it is taken to look twice, with a choice and a pause more.
    assert ran.transitions == compiled.prediction.transitions - 3
    assert ran.expected == Cost(ran.transitions, ran.events)


def fitting_histories(monkeypatch: pytest.MonkeyPatch, into: list[list[int]]) -> bool:
    """Note down the lengths of the histories of every run."""
    from transpilers.local.engine import LocalEngine

    run = LocalEngine.run

    def noted(self: LocalEngine, *arguments: object, **options: object):
        found = run(self, *arguments, **options)  # type: ignore[arg-type]
        into.append([len(one.history) for one in (found, *found.children)])
        return found

    monkeypatch.setattr(LocalEngine, "run", noted)
    return True
