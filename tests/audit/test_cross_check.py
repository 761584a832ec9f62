"""`--cross-check`: what is reported where two readings differ, agree, or cannot be compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.cli_runner import transpile

from core_compiler.diagnostics import Span
from transpilers.airflow.call import DagCall, DagFile, EdgeCall, Literal, LoadFault, OperatorCall
from transpilers.audit.cross_check import differs

FOLDER = Path(__file__).parents[2] / "fixtures" / "audit"
TASKS = OperatorCall("x.A", "a", {"n": Literal(1)}, span=Span("f.py", 3)), OperatorCall("x.A", "b")
DAG = DagCall("d", {}, TASKS, (EdgeCall("a", "b"),))
STATIC = DagFile("f.py", dags=(DAG,))


def said(live: DagFile, static: DagFile = STATIC) -> list[str]:
    return [f"{one.code} {one.line} {one.subject} {one.message}" for one in differs(static, live)]


def test_equal_readings_say_nothing():
    assert said(STATIC) == []


def test_each_difference_is_an_error_at_its_task():
    other = DagCall("d", {}, (OperatorCall("x.A", "a", {"n": Literal(2)}), TASKS[1]))
    assert said(DagFile("f.py", dags=(other,))) == [
        'SW675 3 a argument n: read as {"kind":"literal","value":1}, but Airflow says {"kind":"literal","value":2}',
        "SW675 0 b edge a >> b: read as there, but Airflow says nothing",
    ]


@pytest.mark.parametrize("sort", ["raises", "decides", "network", "time"])
def test_what_airflow_cannot_read_is_not_compared(sort: str):
    live = DagFile("f.py", faults=(LoadFault(sort, "no such thing", Span("f.py", 7)),))
    assert said(live) == ["SW676 7  Airflow could not read it: no such thing"]


def test_a_note_about_fabricated_modules_hinders_nothing():
    live = DagFile("f.py", dags=(DAG,), faults=(LoadFault("fabricated", "boto3"),))
    assert said(live) == []


def test_nothing_is_said_of_what_both_refuse():
    refused = DagFile("f.py", faults=(LoadFault("unresolved", "x"),))
    assert said(DagFile("f.py", faults=(LoadFault("raises", "x"),)), refused) == []


@pytest.mark.airflow
def test_the_tree_is_read_the_same_by_both():
    done = transpile("audit", "dags", "--cross-check", "--json", cwd=FOLDER)
    report = json.loads(done.stdout)
    differing = [one for file in report["files"] for one in file["diagnostics"] if one["code"] == "SW675"]
    assert differing == []
    assert (done.returncode, report["totals"]["differences"]) == (0, 0)
