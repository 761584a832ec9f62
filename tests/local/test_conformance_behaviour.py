"""What a run does on the way: events, time-outs, zombies, retriers, limits, names."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from local.machines import Lambda, call, catch, kinds, machine, states, step

from transpilers.local.engine import LocalEngine
from transpilers.local.execution import transitions

LIMIT = 262_144
DISTRIBUTED = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}


def branch(name: str, **fields: object) -> dict[str, Any]:
    """A branch of one task."""
    return states(name, **{name: call({"n": name}, Output={}, **fields)})


def each(*items: object, **processor: Any) -> dict[str, Any]:
    """An inline Map."""
    return {"Type": "Map", "Items": list(items), "ItemProcessor": processor, "End": True}


@pytest.mark.parametrize(
    ("definition", "events", "billed"),
    [
        (machine("A", A=call({}, Next="B"), B=call({})), 2 * 5, 2),
        (machine("P", P={"Type": "Parallel", "Branches": [branch("a"), branch("b")], "End": True}), 4 + 2 * 5, 3),
        (machine("M", M=each(1, 2, 3, **branch("t"))), 4 + 3 * (2 + 5), 4),
        (machine("A", A=step(Next="W"), W={"Type": "Wait", "Seconds": 0, "End": True}), 2 + 2, 2),
    ],
    ids=["two tasks", "Parallel of two tasks", "Map of three items", "Pass and Wait"],
)
def test_events_and_transitions(engine: LocalEngine, definition: dict[str, Any], events: int, billed: int) -> None:
    """As many events as AWS writes, besides the start and the end of the execution."""
    ended = engine.run(definition)
    assert len(ended.history) == 2 + events, kinds(ended.history)
    assert transitions(ended.history) == billed


def test_each_retry_is_three_events_and_a_transition(engine: LocalEngine) -> None:
    """A retry schedules, starts and fails or succeeds."""
    retry = [{"ErrorEquals": ["Flaky"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    ended = engine.run(machine("A", A=call({"op": "flaky", "key": "retry", "fails": 1}, Retry=retry)))
    assert len(ended.history) == 2 + 5 + 3
    assert transitions(ended.history) == 2


def test_each_retrier_counts_for_itself(engine: LocalEngine, worker: Lambda) -> None:
    """Errors that alternate use up two retriers, not one."""
    retry = [
        {"ErrorEquals": ["Boom"], "IntervalSeconds": 1, "MaxAttempts": 1},
        {"ErrorEquals": ["Flaky"], "IntervalSeconds": 1, "MaxAttempts": 1},
    ]
    ended = engine.run(machine("A", A=call({"op": "alternate", "key": "alternate"}, Retry=retry)))
    assert (ended.status, ended.error) == ("FAILED", "Boom")
    assert worker.calls["alternate"] == 3


def test_the_lambda_of_a_timed_out_state_runs_on_unseen(engine: LocalEngine, worker: Lambda) -> None:
    """The state ends in time; its Lambda finishes later and leaves no trace in the history."""
    worker.finished.clear()
    ended = engine.run(
        machine(
            "A",
            A=call({"op": "sleep", "s": 1.5}, TimeoutSeconds=1, Catch=catch("States.ALL", to="W")),
            W={"Type": "Wait", "Seconds": 2, "End": True},
        )
    )
    assert worker.finished == ["sleep"]
    assert "TaskTimedOut" in kinds(ended.history)
    assert "TaskSucceeded" not in kinds(ended.history)
    assert transitions(ended.history) == 2


def test_a_time_out_in_a_branch_keeps_its_name(engine: LocalEngine) -> None:
    """Catch on a Parallel, and on a Map, sees States.Timeout."""
    slow = states("S", S=call({"op": "sleep", "s": 2}, TimeoutSeconds=1))
    caught = catch("States.Timeout", to="H", Output="{% $states.errorOutput.Error %}")
    parallel = {"Type": "Parallel", "Branches": [slow], "Catch": caught, "Next": "H"}
    assert engine.run(machine("P", P=parallel, H=step())).output == "States.Timeout"
    mapped = {"Type": "Map", "Items": [1], "ItemProcessor": slow, "Catch": caught, "Next": "H"}
    assert engine.run(machine("M", M=mapped, H=step())).output == "States.Timeout"


def test_the_machine_runs_out_of_time(engine: LocalEngine) -> None:
    """A top-level TimeoutSeconds ends the execution while a Lambda runs; no Catch sees it."""
    definition = machine("A", A=call({"op": "sleep", "s": 5}, Catch=catch("States.ALL", to="H")), H=step())
    ended = engine.run({**definition, "TimeoutSeconds": 1})
    assert ended.status == "TIMED_OUT"
    assert kinds(ended.history)[-1] == "ExecutionTimedOut"
    assert (ended.ended - ended.started).total_seconds() < 4


def test_a_stopped_run_ends_while_its_lambda_runs(engine: LocalEngine, worker: Lambda) -> None:
    """The engine's own time limit stops the execution, as StopExecution does."""
    worker.finished.clear()
    ended = engine.run(machine("A", A=call({"op": "sleep", "s": 5})), timeout=0.5)
    assert ended.status == "ABORTED"
    assert kinds(ended.history)[-1] == "ExecutionAborted"
    assert worker.finished == []


def test_a_run_can_be_stopped_at_once(engine: LocalEngine) -> None:
    """A stop in the instant of the start is a stop, not an error."""
    for _ in range(5):
        assert engine.run(machine("W", W={"Type": "Wait", "Seconds": 30, "End": True}), timeout=0).status == "ABORTED"


@pytest.mark.parametrize("caught", ["States.ALL", "States.TaskFailed", "States.DataLimitExceeded"])
def test_too_much_data_ends_the_run(engine: LocalEngine, caught: str) -> None:
    """The limit applies to what comes back, before Output, and nothing catches it."""
    state = call({"op": "big", "n": LIMIT}, Output={}, Catch=catch(caught, to="H"))
    ended = engine.run(machine("A", A=state, H=step()))
    assert (ended.status, ended.error) == ("FAILED", "States.DataLimitExceeded")


def test_a_failed_query_is_a_failed_task_but_a_time_out_is_not(engine: LocalEngine) -> None:
    """States.TaskFailed matches every error but a time-out."""
    caught = catch("States.TaskFailed", to="H")
    assert engine.run(machine("A", A=call("{% $nope %}", Catch=caught), H=step(Output="caught"))).output == "caught"
    slow = call({"op": "sleep", "s": 2}, TimeoutSeconds=1, Catch=caught)
    assert engine.run(machine("A", A=slow, H=step())).error == "States.Timeout"


def test_a_parallel_is_retried_whole(engine: LocalEngine, worker: Lambda) -> None:
    """Retry on a Parallel runs its branches again."""
    retry = [{"ErrorEquals": ["Flaky"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    flaky = states(
        "F", F=call({"op": "flaky", "key": "whole", "fails": 1}, Output="{% $states.result.Payload.calls %}")
    )
    ended = engine.run(machine("P", P={"Type": "Parallel", "Branches": [flaky], "Retry": retry, "End": True}))
    assert ended.output == [2]
    assert transitions(ended.history) == 4


def test_the_context_object(engine: LocalEngine) -> None:
    """Name, machine and start time, in the form in which AWS writes it."""
    before = time.time()
    ended = engine.run(machine("A", A=step(Output="{% $states.context %}")), {"x": 1}, name="mine", execution_name="e1")
    context: Any = ended.output
    assert context["StateMachine"]["Name"] == "mine"
    assert context["Execution"]["Name"] == "e1"
    assert context["Execution"]["Id"] == ended.arn
    assert context["Execution"]["Input"] == {"x": 1}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", context["Execution"]["StartTime"])
    assert ended.started.timestamp() == pytest.approx(before, abs=5)


def test_children_of_a_distributed_map_are_executions(engine: LocalEngine) -> None:
    """Each has a name, an input and a start time of its own; ItemSelector still belongs to the parent."""
    mapped = {
        "Type": "Map",
        "Items": [1, 2],
        "ItemSelector": {"item": "{% $states.context.Map.Item.Value %}", "from": "{% $run %}"},
        "ItemProcessor": {**DISTRIBUTED, **states("C", C=step(Output="{% $states.context.Execution %}"))},
        "End": True,
    }
    ended = engine.run(machine("A", A=step(Assign={"run": "r1"}, Next="M"), M=mapped), execution_name="parent")
    children: Any = ended.output
    assert [child["Input"] for child in children] == [{"item": 1, "from": "r1"}, {"item": 2, "from": "r1"}]
    assert len({"parent", *(child["Name"] for child in children)}) == 3
    assert all(child["Id"].endswith(f":{child['Name']}") for child in children)


def test_children_of_a_distributed_map_see_no_variable(engine: LocalEngine) -> None:
    """A child that reads the parent's variable fails, and one failed item is one too many."""
    child = states("C", C=step(Output="{% $run %}"))
    mapped = {"Type": "Map", "Items": [1, 2], "ItemProcessor": {**DISTRIBUTED, **child}, "End": True}
    ended = engine.run(machine("A", A=step(Assign={"run": "r1"}, Next="M"), M=mapped))
    assert (ended.status, ended.error) == ("FAILED", "States.ExceedToleratedFailureThreshold")


@pytest.mark.parametrize(("count", "status"), [(1, "FAILED"), (2, "SUCCEEDED")])
def test_failures_within_the_tolerated_count(engine: LocalEngine, count: int, status: str) -> None:
    """Two items fail; two are tolerated, or one."""
    child = states("C", C=call({"op": "boom"}))
    mapped = {
        "Type": "Map",
        "Items": [1, 2],
        "ToleratedFailureCount": count,
        "ItemProcessor": {**DISTRIBUTED, **child},
        "End": True,
    }
    assert engine.run(machine("M", M=mapped)).status == status
