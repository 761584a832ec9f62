"""TimeDeltaSensor, from calls written by hand."""

from __future__ import annotations

import pytest
from support.airflow_sources import task

from core_compiler.ir import Wait
from transpilers.airflow.call import Delta, Dict, Literal, Mapped, OperatorCall, Template, Value

SENSOR = "airflow.providers.standard.sensors.time_delta.TimeDeltaSensor"
TRUE = Literal(True)
WEEK = 7 * 24 * 3600.0


def _sensor(**kwargs: Value) -> OperatorCall:
    return OperatorCall(SENSOR, "t", {"delta": Delta(30.0), **kwargs})


@pytest.mark.parametrize(
    ("kwargs", "wait"),
    [
        ({}, Wait(30.0, limit=WEEK)),
        ({"delta": Literal(2), "deferrable": TRUE, "timeout": Literal(50)}, Wait(120.0, early=True, limit=50.0)),
        ({"timeout": Delta(100.0), "poke_interval": Literal(60)}, Wait(30.0, limit=120.0)),
        ({"timeout": Literal(100), "poke_interval": Literal(0)}, Wait(30.0, limit=100.0)),
        ({"soft_fail": TRUE, "do_xcom_push": Literal(False)}, Wait(30.0, limit=WEEK, soft=True, store=False)),
        ({"never_fail": TRUE}, Wait(30.0, limit=WEEK)),
        ({"never_fail": TRUE, "deferrable": TRUE}, Wait(30.0, early=True, limit=WEEK, soft=True)),
        ({"mode": Literal("reschedule"), "max_wait": Literal(9)}, Wait(30.0, limit=WEEK)),
    ],
)
def test_what_is_waited_for(kwargs: dict[str, Value], wait: Wait):
    made, said = task(_sensor(**kwargs))
    assert said == []
    assert made is not None
    assert (made.task.component, made.task.runs_again) == (wait, True)


@pytest.mark.parametrize(
    ("kwargs", "said"),
    [
        ({"delta": Literal("3")}, "SW406 delta is not a timedelta"),
        ({"delta": Template("{{ params.minutes }}")}, "SW406 delta is not a timedelta"),
        ({"timeout": Literal("x")}, "SW406 timeout is not a number of seconds"),
        ({"exponential_backoff": TRUE}, "SW401 exponential_backoff: it decides when the task looks"),
        ({"execution_timeout": Delta(5.0)}, "SW401 execution_timeout: it bounds how long the task may wait"),
        ({"multiple_outputs": TRUE}, "SW401 multiple_outputs: what it returns has no keys"),
    ],
)
def test_what_is_not_kept_is_said(kwargs: dict[str, Value], said: str):
    [found] = task(_sensor(**kwargs))[1]
    assert found.startswith(said)


def test_items_do_not_wait():
    call = OperatorCall(SENSOR, "t", {}, Mapped("kwargs", Dict(((Literal("delta"), Literal(None)),))))
    assert task(call)[1][0].startswith("SW451 delta of TimeDeltaSensor")
