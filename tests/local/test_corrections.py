"""What moto does without each correction: a test here that fails says that its correction can go."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local.machines import Lambda, call, catch, kinds, machine, states, step
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackEndpoint
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor

from transpilers.local.corrections import CORRECTIONS
from transpilers.local.engine import LocalEngine, running_execution
from transpilers.local.execution import Execution
from transpilers.local.functions import InProcess

DISTRIBUTED = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}


@contextmanager
def engine_without(name: str) -> Iterator[LocalEngine]:
    """An engine that lacks one correction."""
    kept = [correction for correction in CORRECTIONS if correction.__name__ != name]
    assert len(kept) == len(CORRECTIONS) - 1
    with LocalEngine({"worker": InProcess(Lambda())}, corrections=kept) as engine:
        yield engine


def run_without(name: str, definition: dict[str, Any]) -> Execution:
    """A run without one correction."""
    with engine_without(name) as engine:
        return engine.run(definition)


def distributed(child: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A Distributed Map of one item."""
    return {"Type": "Map", "Items": [1], "ItemProcessor": {**DISTRIBUTED, **child}, "End": True, **fields}


SLOW = call({"op": "sleep", "s": 2}, TimeoutSeconds=1)
UNCORRECTED = {
    "jsonata_expressions": (machine("A", A=step(Output="{% 1 + 1 %}")), "FAILED", None, "States.Runtime"),
    "sdk_parameter_names": (
        states(
            "A",
            A={
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:stepfunctions:listStateMachines",
                "Parameters": {"MaxResults": 1},
                "OutputPath": "$.StateMachines",
                "End": True,
            },
        ),
        "FAILED",
        None,
        "States.Runtime",
    ),
    "assignments": (
        machine("A", A=step(Assign={"v": 1}, Next="B"), B=call({}, Assign={"v": 2}, Output="{% $v %}")),
        "SUCCEEDED",
        2,
        None,
    ),
    "choice_without_match": (
        machine(
            "C",
            C={"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "S"}]},
            S={"Type": "Succeed"},
        ),
        "FAILED",
        None,
        "States.Runtime",
    ),
    "client_errors": (
        states(
            "R",
            R={
                "Type": "Task",
                "Resource": "arn:aws:states:::ecs:runTask.sync",
                "Parameters": {"Cluster": "absent", "TaskDefinition": "absent"},
                "End": True,
            },
        ),
        "FAILED",
        None,
        "States.Runtime",
    ),
    "error_names": (
        machine("A", A=call({"op": "big", "n": 300_000}, Catch=catch("States.ALL", to="H")), H=step(Output="caught")),
        "SUCCEEDED",
        "caught",
        None,
    ),
    "errors_of_branches": (
        machine(
            "P",
            P={
                "Type": "Parallel",
                "Branches": [states("S", S=SLOW)],
                "Catch": catch("States.Timeout", to="H"),
                "Next": "H",
            },
            H=step(),
        ),
        "FAILED",
        None,
        "States.Runtime",
    ),
    "distributed_children": (
        machine("A", A=step(Assign={"v": 1}, Next="M"), M=distributed(states("C", C=step(Output="{% $v %}")))),
        "SUCCEEDED",
        [1],
        None,
    ),
    "tolerated_failures": (
        machine("M", M=distributed(states("C", C=call({"op": "boom"})))),
        "SUCCEEDED",
        [None],
        None,
    ),
}


@pytest.mark.parametrize("correction", UNCORRECTED)
def test_moto_ends_otherwise(correction: str) -> None:
    """Status, output and error are those of moto."""
    definition, *expected = UNCORRECTED[correction]
    ended = run_without(correction, definition)
    assert [ended.status, ended.output, ended.error] == expected


def test_moto_shares_the_query_language_between_parsers() -> None:
    """query_language_scope: two preprocessors have one stack."""
    with engine_without("query_language_scope"):
        assert vars(Preprocessor()).get("_query_language_per_scope") is None


def test_moto_parses_a_definition_twice() -> None:
    """single_parse: another program for the same text."""
    text = json.dumps(machine("A", A=step()))
    with engine_without("single_parse"):
        assert AmazonStateLanguageParser.parse(text)[0] is not AmazonStateLanguageParser.parse(text)[0]
    with LocalEngine():
        assert AmazonStateLanguageParser.parse(text)[0] is AmazonStateLanguageParser.parse(text)[0]


def test_moto_leaves_out_the_quotes() -> None:
    """json_output: a string output is no JSON."""
    with pytest.raises(JSONDecodeError):
        run_without("json_output", machine("A", A=step(Output="text")))


def test_moto_binds_no_text_as_start_time() -> None:
    """start_time: the start time is a datetime, which JSONata cannot pass on."""
    start = machine("A", A=step(Output="{% $states.context.Execution.StartTime %}"))
    assert run_without("start_time", start).error == "States.QueryEvaluationError"


def test_moto_writes_events_of_abandoned_work() -> None:
    """abandoned_work: the zombie's success is in the history."""
    definition = machine(
        "A",
        A=call({"op": "sleep", "s": 1.5}, TimeoutSeconds=1, Catch=catch("States.ALL", to="W")),
        W={"Type": "Wait", "Seconds": 2, "End": True},
    )
    assert "TaskSucceeded" in kinds(run_without("abandoned_work", definition).history)


def test_moto_waits_for_what_an_abandoned_state_holds() -> None:
    """Found by runs in which one child machine failed while another was started: they printed a traceback."""
    waits = StateTaskServiceCallback._wait_for_task_token_timeout
    with pytest.raises(TypeError):
        waits(None, {}, CallbackEndpoint("x"))  # type: ignore[arg-type]
    with LocalEngine({}):
        waits = StateTaskServiceCallback._wait_for_task_token_timeout
        assert waits(None, {}, CallbackEndpoint("x")) is None  # type: ignore[arg-type]
        assert waits(None, 0, CallbackEndpoint("x")) is None  # type: ignore[arg-type]


def test_moto_waits_for_the_lambda_of_a_timed_out_machine() -> None:
    """prompt_endings: the execution has timed out and its history does not say so."""
    definition = {**machine("A", A=call({"op": "sleep", "s": 3})), "TimeoutSeconds": 1}
    ended = run_without("prompt_endings", definition)
    assert ended.status == "TIMED_OUT"
    assert kinds(ended.history)[-1] != "ExecutionTimedOut"


def test_moto_makes_floats_of_whole_numbers_below_zero() -> None:
    """Found by the judge of values: a task that was given -7 got -7.0, also inside of items."""
    given = {"n": [-7, 7, -(2**70), -0.0, -1.0]}
    definition = machine("A", A=step(Output=given, Assign={"v": -7}, Next="B"), B=step(Output=given))
    assert repr(run_without("whole_numbers", definition).output) != repr(given)
    with LocalEngine({"worker": InProcess(Lambda())}) as engine:
        assert repr(engine.run(definition).output) == repr(given)


@pytest.mark.parametrize("corrected", [False, True])
def test_moto_asks_an_execution_that_has_begun_no_state_for_a_token(corrected: bool) -> None:
    """unstarted_executions: found by a prediction that a history did not hold, where machines start machines."""
    wait = machine("W", W={"Type": "Wait", "Seconds": 60, "End": True})
    with LocalEngine() if corrected else engine_without("unstarted_executions") as engine:
        client = engine.client("stepfunctions")
        arn = client.start_execution(stateMachineArn=engine.create(wait))["executionArn"]
        worker = running_execution(arn).exec_worker
        while worker.env is None:
            time.sleep(0.01)
        environment, worker.env = worker.env, None
        refusal = "InvalidToken" if corrected else "'NoneType' object has no attribute"
        try:
            with pytest.raises((ClientError, AttributeError), match=refusal):
                client.send_task_success(taskToken="of nobody", output="{}")
        finally:
            worker.env = environment


def test_every_correction_is_shown() -> None:
    """No correction without a test of what moto does."""
    text = Path(__file__).read_text()
    assert [name for name in (correction.__name__ for correction in CORRECTIONS) if f'"{name}"' not in text] == []
