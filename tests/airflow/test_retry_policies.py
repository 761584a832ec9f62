"""`retry_policy`, from calls written by hand: what is kept, and why the rest is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from core_compiler.diagnostics import Sink
from core_compiler.emit.retries import retriers
from core_compiler.ir import NoOp, Retry, RetryRule, Task
from transpilers.airflow.call import CodeRef, Delta, List, Literal, ObjectCall, Unresolved, Value
from transpilers.airflow.retry_policies import retry_rules
from transpilers.airflow.uses import Site

HOME = "airflow.sdk.definitions.retry_policy"


def _policy(*rules: ObjectCall, default: str = "default") -> ObjectCall:
    return ObjectCall(f"{HOME}.ExceptionRetryPolicy", {"rules": List(rules), "default": Literal(default)})


def _rule(exception: Value, **more: Value) -> ObjectCall:
    return ObjectCall(f"{HOME}.RetryRule", {"exception": exception, **more})


def _read(value: Value, *, grows: bool = False, folder: Path = Path()) -> tuple[tuple[RetryRule, ...], list[str]]:
    sink = Sink()
    found = retry_rules(value, folder / "dag.py", Site("t", None, sink), grows=grows)
    return found, [f"{one.code} {one.message}" for one in sink.diagnostics]


BUSY = CodeRef(module="", qualname="Busy", sort="class")
HTTP = Literal("requests.exceptions.HTTPError")


@pytest.mark.parametrize(
    ("policy", "rules"),
    [
        (_policy(_rule(HTTP)), [RetryRule(("requests.exceptions:HTTPError",))]),
        (
            _policy(_rule(List((BUSY, HTTP)), retry_delay=Delta(2.5), match_subclasses=Literal(False))),
            [RetryRule((":Busy", "requests.exceptions:HTTPError"), delay=2.5, exact=True)],
        ),
        (
            _policy(_rule(HTTP, action=Literal("default"), retry_delay=Delta(9))),
            [RetryRule(("requests.exceptions:HTTPError",))],
        ),
        (_policy(default="fail"), [RetryRule(("builtins:BaseException",), fails=True)]),
        (
            ObjectCall(
                "airflow.sdk.ExceptionRetryPolicy",
                {
                    "[0]": List(
                        (
                            ObjectCall(
                                "airflow.sdk.RetryRule",
                                {
                                    "[0]": CodeRef(
                                        module="airflow.exceptions", qualname="AirflowException", sort="class"
                                    ),
                                    "[1]": Literal("fail"),
                                },
                            ),
                        )
                    )
                },
            ),
            [RetryRule(("handler.errors_airflow:AirflowException",), fails=True)],
        ),
    ],
)
def test_rules_are_kept(policy: Value, rules: list[RetryRule]):
    assert _read(policy) == (tuple(rules), [])


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        (ObjectCall("Mine"), "it is a class of its own"),
        (Unresolved("it is x"), "it is a class of its own"),
        (_policy(_rule(CodeRef(module="", qualname="f.<locals>.E", sort="class"))), "an error in it is neither"),
        (
            _policy(_rule(Literal("airflow.exceptions.AirflowBadRequest"))),
            "it names airflow.exceptions.AirflowBadRequest",
        ),
        (_policy(_rule(HTTP, action=Unresolved("?"))), "an action in it is not known"),
        (_policy(_rule(HTTP, retry_delay=Unresolved("?"))), "a retry_delay in it is not a timedelta"),
        (_policy(_rule(Literal("mine.Error"))), "it names mine.Error, a class of your own, as a string"),
    ],
)
def test_what_cannot_be_kept_is_said(policy: Value, reason: str, tmp_path: Path):
    (tmp_path / "mine.py").touch()
    found, [said] = _read(policy, folder=tmp_path)
    assert not found
    assert said.startswith(f"SW401 retry_policy: {reason}")


def test_own_delays_do_not_go_with_one_that_grows():
    policy = _policy(_rule(HTTP, retry_delay=Delta(5)))
    assert "beside one that grows" in _read(policy, grows=True)[1][0]
    assert _read(_policy(_rule(HTTP)), grows=True)[1] == []


def test_each_delay_has_a_retrier_of_its_own():
    rules = (
        RetryRule(("m:A",), delay=0.2),
        RetryRule(("m:B",), delay=30),
        RetryRule(("m:C",), delay=1),
        RetryRule(("m:D",)),
    )
    made = retriers(Task(id="t", component=NoOp(), retry=Retry(4, 60, rules=rules)))
    assert [(one.error_equals[0], one.interval_seconds, one.max_attempts) for one in made[1:]] == [
        ("TryFailed", 60, 4),
        ("TryFailedAfter1", 1, 4),
        ("TryFailedAfter30", 30, 4),
    ]
