"""The engine in its process: what it needs, what it leaves, what it refuses."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import boto3
import pytest
from local.machines import Lambda, call, machine, step

from core_compiler.diagnostics import Rule
from transpilers.local import rules, surroundings
from transpilers.local.engine import LocalEngine, MachineRefusedError
from transpilers.local.functions import InProcess
from transpilers.local.jsonata import evaluate
from transpilers.local.patches import Patches


def test_it_leaves_the_process_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Environment and default session come back; a foreign profile does no harm."""
    monkeypatch.setenv("AWS_PROFILE", "absent")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    session = boto3.DEFAULT_SESSION
    before = dict(os.environ)
    with LocalEngine() as engine:
        assert os.environ["AWS_ACCESS_KEY_ID"] != "mine"
        assert engine.run(machine("A", A=step(Output=1))).output == 1
    assert dict(os.environ) == before
    assert boto3.DEFAULT_SESSION is session
    with LocalEngine() as engine:
        assert engine.run(machine("A", A=step(Output=2))).output == 2


def test_it_leaves_the_process_as_it_was_after_an_error() -> None:
    """An engine that could not start, or was left by an exception, does not stand in the way of the next."""

    def broken(patches: Patches) -> None:
        patches.replace(boto3, "setup_default_session", None)
        raise ZeroDivisionError

    original = boto3.setup_default_session
    with pytest.raises(ZeroDivisionError), LocalEngine(corrections=[broken]):
        pass
    assert boto3.setup_default_session is original
    with LocalEngine() as engine:
        assert engine.run(machine("A", A=step(Output=2))).output == 2


def test_one_engine_at_a_time() -> None:
    """moto's state belongs to the process."""
    with LocalEngine(), pytest.raises(RuntimeError, match="another local engine is open"), LocalEngine():
        pass


def test_another_version_of_moto_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """The version that is needed is named."""
    monkeypatch.setitem(surroundings.PINNED, "moto", "0.0.1")
    with (
        pytest.raises(surroundings.EngineMissingError, match=r"needs moto 0\.0\.1; 5\.\d+\.\d+ is installed"),
        LocalEngine(),
    ):
        pass
    monkeypatch.setitem(surroundings.PINNED, "moto-absent", "1.0")
    monkeypatch.delitem(surroundings.PINNED, "moto")
    with pytest.raises(surroundings.EngineMissingError, match="it is not installed"):
        surroundings.check_versions()


def test_a_refused_definition_says_why() -> None:
    """A missing state, and an execution's name used twice for another input."""
    with LocalEngine() as engine, pytest.raises(MachineRefusedError):
        engine.run({"StartAt": "A", "States": {}})


def test_machines_run_side_by_side() -> None:
    """Threads can share an engine; each machine has its own language and variables."""
    outputs: dict[int, object] = {}
    with LocalEngine({"worker": InProcess(Lambda())}) as engine:

        def run(number: int) -> None:
            definition = machine(
                "A",
                A=call({"op": "inc", "x": number}, Assign={"v": "{% $states.result.Payload.x %}"}, Next="B"),
                B=step(Output="{% $v %}"),
            )
            outputs[number] = engine.run(definition).output

        threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert outputs == {number: number + 1 for number in range(8)}


def test_nothing_runs_on_without_the_engine() -> None:
    """An execution that nobody waits for ends with the engine: it would call real endpoints."""
    lambda_ = Lambda()
    with LocalEngine({"worker": InProcess(lambda_)}) as engine:
        flaky = call({"op": "flaky", "key": "left", "fails": 0})
        wait = {"Type": "Wait", "Seconds": 1, "Next": "B"}
        arn = engine.create(machine("A", A=wait, B=flaky))
        engine.client("stepfunctions").start_execution(stateMachineArn=arn, input="{}")
    time.sleep(1.5)
    assert lambda_.calls["left"] == 0


def test_a_default_session_made_meanwhile_does_no_harm() -> None:
    """A thread that an earlier engine left can set boto3's default session late."""
    with LocalEngine({"worker": InProcess(Lambda())}) as engine:
        boto3.DEFAULT_SESSION = boto3.Session(region_name="us-east-1")
        assert engine.run(machine("A", A=call({"op": "inc", "x": 1}))).status == "SUCCEEDED"


def test_a_large_value_is_bound_not_parsed() -> None:
    """Values reach an expression as they are, however many characters a parser would trip over."""
    value = {"text": "\"'`\\{%" * 1000, "items": list(range(5000))}
    assert (
        evaluate("$count($states.input.items) & $substring($states.input.text, 0, 1)", {"states": {"input": value}})
        == '5000"'
    )


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.code)
def test_rules_explain_themselves(rule: Rule) -> None:
    """Every rule of this room has its own code, and says what to do."""
    assert rule.code.startswith("SW6")
    assert rule.hint
    assert len(rule.why.split(". ")) >= 2


def test_naming_the_rules_needs_no_engine() -> None:
    """`transpile explain` works without moto: nothing of it is loaded by the package itself."""
    script = "import sys, transpilers.local; print([m for m in ('moto', 'boto3', 'jsonata') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=os.getcwd())
    assert done.stdout.strip() == "[]"
