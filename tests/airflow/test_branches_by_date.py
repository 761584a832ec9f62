"""Branches by the date decide as Airflow's operators do, asked at many moments."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from support.airflow_sources import task

from core_compiler.ir import Calendar
from handler.components.calendar import fits, run
from handler.deadline import Limit
from handler.dispatch import Call
from handler.errors import InvalidEvent
from handler.reader import Reader
from handler.store import open_store
from transpilers.airflow.call import DateTime, List, Literal, ObjectCall, OperatorCall, Set, Value
from transpilers.airflow.live.loader import environment

pytestmark = pytest.mark.airflow

STANDARD = "airflow.providers.standard.operators"
ASK = """
import datetime as dt, json, sys
from types import SimpleNamespace
from unittest.mock import patch
import pendulum
from airflow.sdk import DAG
from airflow.providers.standard.operators import datetime as dates, weekday
from airflow.providers.standard.operators.datetime import BranchDateTimeOperator
from airflow.providers.standard.operators.weekday import BranchDayOfWeekOperator

def bound(text):
    return text and (dt.datetime if "T" in text else dt.time).fromisoformat(text)

answers = []
for case in json.load(sys.stdin):
    now = dt.datetime.fromisoformat(case["now"])
    with DAG("d", schedule=None, start_date=pendulum.datetime(2020, 1, 1, tz=case["zone"])) as dag:
        ids = {"follow_task_ids_if_true": "yes", "follow_task_ids_if_false": "no"}
        if "days" in case:
            op = BranchDayOfWeekOperator(task_id="t", week_day=case["days"], **ids)
        else:
            lower, upper = bound(case["lower"]), bound(case["upper"])
            op = BranchDateTimeOperator(task_id="t", target_lower=lower, target_upper=upper, **ids)
    with patch.object(dates.timezone, "utcnow", lambda: now):
        answers.append([op.choose_branch({}) == "yes"])
    op.use_task_logical_date = True
    for context in {"logical_date": now}, {"logical_date": None, "dag_run": SimpleNamespace(run_after=now)}:
        answers[-1].append(op.choose_branch(context) == "yes")
json.dump(answers, sys.stdout)
"""
NOWS = [
    f"2026-03-{day:02}T{hour}:00+00:00" for day in (1, 7, 8, 9, 29) for hour in ("00:00", "03:30", "14:59", "23:30")
]
ZONES = ["UTC", "Europe/Berlin", "America/Los_Angeles"]
BOUNDS = [
    ("2026-03-08T00:00:00", "2026-03-09T12:00:00"),
    ("2026-03-08T00:00:00+02:00", None),
    (None, "2026-03-08T14:59:00"),
    ("15:00:00", "00:00:00"),
    ("03:30:00", "14:59:00"),
    (None, "14:00:00"),
    ("14:00:00", None),
    ("2026-03-07T10:00:00", "12:00:00"),
    ("23:00:00", "2026-03-08T01:00:00"),
]
DAYS = [["Sunday"], ["saturday", "SUNDAY"], ["Monday", "Friday"]]


def _tree(text: str | None) -> object:
    return text and {"$type": "datetime" if "T" in text else "time", "$value": text}


def test_every_moment_is_decided_as_airflow_does(tmp_path: Path) -> None:
    cases: list[dict[str, object]] = [
        {"now": now, "zone": zone, "lower": lower, "upper": upper}
        for now, zone, (lower, upper) in product(NOWS, ZONES, BOUNDS)
    ]
    cases += [{"now": now, "zone": zone, "days": days} for now, zone, days in product(NOWS, ZONES, DAYS)]
    ended = subprocess.run(
        [sys.executable, "-c", ASK], input=json.dumps(cases), env=environment(tmp_path), capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    expected = json.loads(ended.stdout.splitlines()[-1])
    numbers = {"sunday": 7, "saturday": 6, "monday": 1, "friday": 5}
    seen: set[tuple[bool, bool]] = set()
    for case, said in zip(cases, expected, strict=True):
        days = [numbers[str(day).lower()] for day in case.get("days", [])]  # pyright: ignore
        config = {"zone": case["zone"], "days": days}
        config |= {name: _tree(case.get(name)) for name in ("lower", "upper")}  # pyright: ignore
        now = dt.datetime.fromisoformat(str(case["now"]))
        assert fits(config, now) is said[0], case  # pyright: ignore
        by_logical_date = fits(config | {"zone": "UTC" if days else case["zone"]}, now)  # pyright: ignore
        assert said[1:] == [by_logical_date] * 2, case
        seen.add((bool(days), said[0]))
    assert len(seen) == 4


def calendar(name: str, start: Value | None = None, **kwargs: Value) -> tuple[object, list[str]]:
    """The component of one branch, and what is said about it."""
    ids = {"follow_task_ids_if_true": List((Literal("a"),)), "follow_task_ids_if_false": Literal("b")}
    made, said = task(OperatorCall(f"{STANDARD}.{name}", "t", {**ids, **kwargs}), start_date=start or Literal(None))
    return made and made.task.component, [line for line in said if "SW41" not in line]


def test_values_of_the_wire_become_bounds_and_days() -> None:
    day = calendar("weekday.BranchDayOfWeekOperator", week_day=Set((Literal(7), Literal("monday"))))
    assert day == (Calendar(["a"], "b", (1, 7)), [])
    parts = {"hour": Literal(15), "minute": Literal(30)}
    window = calendar(
        "datetime.BranchDateTimeOperator",
        DateTime("2021-01-01T00:00:00", "Europe/Berlin", foreign=True),
        target_lower=ObjectCall("pendulum.time.Time", parts),
        target_upper=DateTime("2026-07-01T00:00:00", "Europe/Berlin", foreign=True),
    )
    lower = {"$type": "time", "$value": "15:30:00"}
    upper = {"$type": "datetime", "$value": "2026-06-30T22:00:00+00:00"}
    assert window == (Calendar(["a"], "b", (), lower, upper, "Europe/Berlin"), [])


@pytest.mark.parametrize("name", ["use_task_logical_date", "use_task_execution_day"])
def test_the_day_of_a_logical_date_is_that_in_utc(name: str) -> None:
    start = DateTime("2021-01-01T00:00:00", "Asia/Tokyo", foreign=True)
    found = calendar("weekday.BranchDayOfWeekOperator", start, week_day=Literal("monday"), **{name: Literal(True)})
    assert found == (Calendar(["a"], "b", (1,), logical=True), [])


@pytest.mark.parametrize(
    ("kwargs", "said"),
    [
        ({"week_day": Literal("Caturday")}, "SW406 week_day is not a day of the week, or a list of them"),
        (
            {"week_day": Literal("Monday"), "start": DateTime("2021-01-01T00:00:00+02:00")},
            "SW406 start_date has a time",
        ),
    ],
)
def test_what_cannot_be_decided_is_said(kwargs: dict[str, Value], said: str) -> None:
    _, found = calendar("weekday.BranchDayOfWeekOperator", **kwargs)
    assert len(found) == 1
    assert found[0].startswith(said)


def test_a_zone_that_is_not_known_is_a_clear_error(tmp_path: Path) -> None:
    reader = Reader(open_store(f"file://{tmp_path}"), "run")
    with pytest.raises(InvalidEvent, match="the time zone 'Mars/Base' is not known here"):
        run(Call({"then": 1, "otherwise": 2, "days": [1], "zone": "Mars/Base"}, [], {}, Limit(10), reader))
