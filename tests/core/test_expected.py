"""Two ways to one figure: what a plan is predicted to cost, and what its definitions cost where nothing fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from chaos.mapped import with_items
from judge.fast import compiled_from
from judge.features import supported
from judge.generate import generate
from judge.wire import wire
from support.workflows import small

from core_compiler.compiler import Compiled, compile_workflow
from core_compiler.diagnostics import Sink
from core_compiler.emit.children import arn_of
from core_compiler.emit.expected import Asked, Cost, NoPredictionError, Outcome, expected
from core_compiler.emit.predict import EXPECTED_ITEMS
from core_compiler.ir import (
    Edge,
    EdgeKind,
    FailurePolicy,
    Literal,
    Mapping,
    NoOp,
    Output,
    PythonCallable,
    Task,
    Wait,
    Workflow,
)
from core_compiler.plan import STRUCTURES


def cost(compiled: Compiled, outcomes: dict[str, Outcome], asked: dict[str, Asked] | None = None) -> Cost:
    machine, *parts = (json.loads(text) for text in (compiled.definition, *compiled.parts.values()))
    return expected(machine, dict(zip(map(arn_of, compiled.parts), parts, strict=True)), outcomes, asked)


def well(compiled: Compiled) -> dict[str, Outcome]:
    """Every task and item ends well at its first try."""
    outcomes: dict[str, Outcome] = {}
    for task in compiled.workflow.tasks:
        if task.mapping is None:
            outcomes[task.id] = Outcome("success")
            continue
        items = task.mapping.size() or EXPECTED_ITEMS
        outcomes[task.id] = Outcome("success", items=items)
        outcomes |= {f"{task.id}[{index}]": Outcome("success") for index in range(items)}
    return outcomes


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_plan_and_its_definitions_agree(structure: str):
    for seed in range(8):
        compiled = compiled_from(
            wire(with_items(generate(seed, supported(), most=25), seed)), structure=structure
        ).compiled
        found = cost(compiled, well(compiled))
        assert (found.transitions, found.events) == (compiled.prediction.transitions, compiled.prediction.events)


#: Mapped over what only a run can tell, over more than share a history, and behind a task that waits.
MIXED = Workflow(
    name="mixed",
    tasks=(
        Task(id="source", component=PythonCallable("mod:source")),
        Task(id="wait", component=Wait(1.0)),
        Task(id="found", component=NoOp(), mapping=Mapping({"x": Output("source")})),
        Task(id="many", component=NoOp(), mapping=Mapping({"x": Literal(list(range(45)))})),
        Task(id="{% odd %}", component=NoOp()),
        Task(id="end", component=NoOp()),
    ),
    edges=(
        Edge("source", "found"),
        Edge("wait", "many"),
        Edge("wait", "{% odd %}"),
        Edge("found", "end"),
        Edge("source", "{% odd %}"),
        Edge("many", "end"),
    ),
)


def compiled_of(workflow: Workflow, structure: str = "auto") -> Compiled:
    sink = Sink()
    found = compile_workflow(workflow, sink, structure_name=structure)
    assert found is not None, sink.diagnostics
    return found


@pytest.mark.parametrize("room", [8_000, 10**6])
@pytest.mark.parametrize("structure", ["nested", "rendezvous"])
def test_so_they_do_for_maps_waits_and_machines_of_machines(structure: str, room: int, monkeypatch: pytest.MonkeyPatch):
    small(monkeypatch, room)
    compiled = compiled_of(MIXED, structure)
    assert (len(compiled.parts) > 1) == (room == 8_000)
    # It waits once, and looks again.
    found = cost(compiled, well(compiled), {"wait": Asked(waits=1)})
    assert (found.transitions, found.events) == (compiled.prediction.transitions, compiled.prediction.events)


def ends(*, asked: Asked | None = None, **outcomes: Outcome) -> Cost:
    """What one task costs beside a start and a finish, two transitions and nine events with the execution's own."""
    tasks = tuple(Task(id=name, component=NoOp(), dynamic=asked is not None) for name in outcomes)
    compiled = compiled_of(Workflow(name="w", tasks=tasks, edges=()), "serial")
    found = cost(compiled, outcomes, dict.fromkeys(outcomes, asked) if asked else None)
    return Cost(found.transitions - 2, found.events - 9)


def test_what_each_outcome_costs():
    assert ends(a=Outcome("success")) == Cost(1, 5)
    assert ends(a=Outcome("success", attempts=3)) == Cost(3, 11)
    # The Fail state at the run's end.
    assert ends(a=Outcome("failed")) == Cost(2, 6)
    assert ends(a=Outcome("failed", attempts=2, settled=True)) == Cost(2 + 1 + 1, 8 + 5 + 1)


def test_what_asking_costs():
    looked = Cost(1 + 1, 5 + 2)
    assert ends(a=Outcome("success"), asked=Asked()) == looked
    assert ends(a=Outcome("success"), asked=Asked(waits=2)) == Cost(2 + 2 * 3, 7 + 2 * (2 + 2 + 5))
    # A Map of two, one of which is tried twice, and then crashes for good.
    new = ends(a=Outcome("success"), asked=Asked(rounds=1, attempts=(1, 2), settled=1))
    assert new == Cost(2 + 3 + 3 + 1, 7 + (2 + 4 + 5) + (2 + 5) + (2 + 8) + 5)
    # What crashes for good has no choice after it.
    assert ends(a=Outcome("failed", settled=True), asked=Asked()) == Cost(1 + 1 + 1, 5 + 5 + 1)


@pytest.mark.parametrize("items", [40, 41])
def test_how_many_items_share_a_history(items: int):
    """Up to 40 do; more are executions of their own. Where the task got none, one paired with it is decided by that."""
    body = Mapping({"x": Output("source")}, group="g")
    tasks = (
        Task(id="source", component=NoOp()),
        Task(id="g.a", component=NoOp(), mapping=body),
        Task(id="g.b", component=NoOp(), mapping=body),
    )
    edges = (Edge("source", "g.a", EdgeKind.DATA), Edge("g.a", "g.b"), Edge("source", "g.b", EdgeKind.DATA))
    compiled = compiled_of(Workflow(name="w", tasks=tasks, edges=edges), "serial")
    each = {f"g.a[{index}]": Outcome("success") for index in range(items)}
    outcomes = {
        "source": Outcome("success"),
        "g.a": Outcome("success", items=items),
        "g.b": Outcome("skipped", items=0),
        **each,
    }
    found = cost(compiled, outcomes)
    around = Cost(3 + 1 + 1 + 1 + 1, 2 + 4 + 15 + 2 + 5)
    if items == 40:
        assert found == Cost(around.transitions + 80, around.events + 4 - 2 + 40 * (2 + 10))
    else:
        assert found == Cost(around.transitions + 41 * 3, around.events + 6 - 2)


def test_events_that_no_state_has_room_for_are_looked_up():
    tasks = tuple(Task(id=f"{'long' * 20}{index}", component=NoOp()) for index in range(600))
    compiled = compiled_of(Workflow(name="w", tasks=tasks, edges=()), "layers")
    outcomes = {task.id: Outcome("failed") for task in tasks}
    with pytest.raises(NoPredictionError, match="is not there"):
        cost(compiled, outcomes)
    kept = {Path(path).stem: json.loads(text) for path, text in compiled.kept.items()}
    # Its leaves are in one: the run fails, and has a state and an event more.
    assert expected(json.loads(compiled.definition), {}, outcomes, None, kept) == Cost(
        compiled.prediction.transitions + 1, compiled.prediction.events + 1
    )


def changed(definition: dict[str, Any], state: str, **fields: object) -> dict[str, Any]:
    """The definition with fields of a state set, or with None left out."""
    fresh = {key: value for key, value in {**definition["States"][state], **fields}.items() if value is not None}
    return {**definition, "States": {**definition["States"], state: fresh}}


def test_a_machine_that_was_changed_by_hand_has_no_prediction():
    """And never costs a run its result, as it would by an error, or by being followed in circles."""
    compiled = compiled_of(MIXED, "serial")
    outcomes = well(compiled) | {"end": Outcome("failed")}
    definition = json.loads(compiled.definition)
    for state, fields in (
        ("finish", {"Next": "start", "Catch": None}),
        ("run failed", {"Type": "Pass", "Next": "start"}),
        ("end", {"Next": "nowhere"}),
        ("each many", {"Next": "end"}),
        ("size of found", {"Choices": [], "Default": "size of found"}),
        ("end", {"Resource": "arn:aws:states:::states:startExecution.sync:2"}),
        ("end", {"Arguments": {"Payload": {"op": "run", "task": "{% $anything %}"}}}),
    ):
        with pytest.raises(NoPredictionError):
            expected(changed(definition, state, **fields), {}, outcomes)


def test_what_was_stopped_has_no_prediction():
    tasks = (Task(id="a", component=NoOp()), Task(id="b", component=NoOp()))
    compiled = compiled_of(Workflow(name="w", tasks=tasks, edges=(), failure_policy=FailurePolicy.STOP))
    with pytest.raises(NoPredictionError, match="the failure of a stopped it"):
        cost(compiled, {"a": Outcome("failed"), "b": Outcome("success")})
    with pytest.raises(NoPredictionError, match="b was not reached"):
        cost(compiled, {"a": Outcome("success")})
