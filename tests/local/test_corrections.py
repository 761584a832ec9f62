"""What moto does without each correction: a test here that fails says that its correction can go."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from local.machines import call, catch, machine, states, step

from transpilers.local.corrections import CORRECTIONS

#: Runs one definition without one correction, in a process of its own, and prints what came of it.
SCRIPT = """
import json, sys, time
from transpilers.local.corrections import CORRECTIONS
from transpilers.local.engine import LocalEngine
from transpilers.local.functions import InProcess
from local.machines import Lambda, kinds

name, definition, timeout = json.loads(sys.argv[1])
kept = [correction for correction in CORRECTIONS if correction.__name__ != name]
with LocalEngine({"worker": InProcess(Lambda())}, corrections=kept) as engine:
    if name == "json_output":
        client = engine.client("stepfunctions")
        started = client.start_execution(stateMachineArn=engine.create(definition), input="{}")["executionArn"]
        engine._wait(started, None)
        print(json.dumps(client.describe_execution(executionArn=started).get("output")))
    elif name == "query_language_scope":
        from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor
        print(json.dumps(Preprocessor()._query_language_per_scope is Preprocessor()._query_language_per_scope))
    else:
        ended = engine.run(definition, timeout=timeout)
        print(json.dumps([ended.status, ended.output, ended.error, kinds(ended.history)]))
"""
ROOT = Path(__file__).resolve().parents[2]
DISTRIBUTED = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}


def run_without(correction: str, definition: dict[str, Any], timeout: float | None = None) -> Any:
    """Status, output, error and event types of a run without one correction."""
    assert correction in {known.__name__ for known in CORRECTIONS}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps([correction, definition, timeout])],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


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
    assert run_without(correction, definition)[:3] == expected


def test_moto_shares_the_query_language_between_parsers() -> None:
    """query_language_scope: two preprocessors have one stack."""
    assert run_without("query_language_scope", {}) is True


def test_moto_leaves_out_the_quotes() -> None:
    """json_output: a string output is no JSON."""
    assert run_without("json_output", machine("A", A=step(Output="text"))) == "text"


def test_moto_writes_microseconds() -> None:
    """start_time: the start time is in another form."""
    start = machine("A", A=step(Output="{% $states.context.Execution.StartTime %}"))
    ended = run_without("start_time", start)
    assert ended[0] != "SUCCEEDED" or not ended[1].endswith("Z")


def test_moto_writes_events_of_abandoned_work() -> None:
    """abandoned_work: the zombie's success is in the history."""
    definition = machine(
        "A",
        A=call({"op": "sleep", "s": 1.5}, TimeoutSeconds=1, Catch=catch("States.ALL", to="W")),
        W={"Type": "Wait", "Seconds": 2, "End": True},
    )
    assert "TaskSucceeded" in run_without("abandoned_work", definition)[3]


def test_moto_waits_for_the_lambda_of_a_timed_out_machine() -> None:
    """prompt_endings: the execution has timed out and its history does not say so."""
    definition = {**machine("A", A=call({"op": "sleep", "s": 4})), "TimeoutSeconds": 1}
    status, _, _, events = run_without("prompt_endings", definition)
    assert status == "TIMED_OUT"
    assert events[-1] != "ExecutionTimedOut"


def test_every_correction_is_shown() -> None:
    """No correction without a test of what moto does."""
    text = Path(__file__).read_text()
    assert [name for name in (correction.__name__ for correction in CORRECTIONS) if f'"{name}"' not in text] == []
