"""Airflow 2.11 reads its files for us, and machines do as it does: where it differs from 3, its own way."""

from __future__ import annotations

import json
import random
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from airflow2.rewritten import rewritten
from judge.features import supported
from judge.generate import generate
from judge.shrink import shown
from judge.slow import judge_airflow

from core_compiler.diagnostics import Sink, to_text
from core_compiler.ir import Branch, GateKind, PythonCallable, ShortCircuit, Workflow
from handler.context.timetable import Timetable
from transpilers.airflow.call import Delta, Literal
from transpilers.airflow.importer import lowered
from transpilers.airflow.live.loader import load
from transpilers.verify.verify_airflow import Settings, verify_airflow

pytestmark = [pytest.mark.airflow, pytest.mark.slow]

FILE = Path(__file__).with_name("differences.py")
FRESH = random.SystemRandom().randrange(1_000_000, 2_000_000_000)


def test_its_files_are_read_and_their_machines_do_what_it_does(second: Path) -> None:
    [file] = load([FILE], python=second)
    assert file.dialect.startswith("2.11.")
    assert not file.faults
    values, skips, scopes = file.dags
    assert values.kwargs["schedule"] == Delta(86400.0)
    assert skips.kwargs["schedule"] == Literal("@daily")
    assert skips.kwargs["max_active_tasks"] == Literal(4)
    assert scopes.kwargs == {"schedule": Literal(None), "fail_stop": Literal(True)}
    assert "weight_rule" not in values.calls[0].kwargs
    assert all(call.span and call.span.path == str(FILE) and call.span.line for dag in file.dags for call in dag.calls)

    imported = lowered(file, str(second), None, Sink())
    found = {entry.id: entry.workflow for entry in imported.workflows}
    assert all(found.values()), to_text(imported.diagnostics)
    assert _decisions(found["skips"]) == {True}
    assert _gates(found["scopes"]) == {GateKind.SETUP, GateKind.REQUIRES}
    assert _plain(found["values"]) == {True}

    [report] = verify_airflow([(FILE, imported)], Settings(python=second, time_limit=200))
    assert not report.differences
    assert report.equal, to_text(report.diagnostics)
    assert (report.tasks, report.values) == (24, 12)


def _decisions(workflow: Workflow | None) -> set[bool]:
    assert workflow is not None
    return {task.decision.keeps_value for task in workflow.tasks if isinstance(task.decision, Branch | ShortCircuit)}


def _gates(workflow: Workflow | None) -> set[GateKind]:
    assert workflow is not None
    return {gate.kind for task in workflow.tasks for gate in task.gates}


def _plain(workflow: Workflow | None) -> set[bool]:
    assert workflow is not None
    return {task.component.plain_json for task in workflow.tasks if isinstance(task.component, PythonCallable)}


REFUSED = {
    "generated_tasks": "which Airflow 2 does not await",
    "mapped_groups": "Airflow 2 decides the rule one_success by other items",
    "value_types": "Airflow 2 counts an argument by position",
}
CONTEXTS = Path(__file__).with_name("contexts.py")
#: All but those that ask for what only Airflow 3 has (`contexts.py` asks for what 2.11 has), one with a coroutine that
#: Airflow 2 does not await, and one with keyword-only parameters behind `*values`, which it miscounts.
FIXTURES = [
    path
    for path in sorted((Path(__file__).parents[2] / "fixtures" / "airflow").glob("*/dag.py"))
    if path.parent.name not in ("retry_rules", "run_context", "sequences", "task_state", *REFUSED)
]


STUBBED = """
from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.providers.nowhere.operators.things import ThingOperator
import company.settings as settings

with DAG("stubbed", schedule_interval=None):
    ThingOperator(task_id="thing", size=settings.SIZE) >> EmptyOperator(task_id="after")
"""


def test_missing_modules_are_fabricated_for_it_too(second: Path, tmp_path: Path) -> None:
    path = tmp_path / "dag.py"
    path.write_text(STUBBED)
    [file] = load([path], python=second, stub=True)
    assert [fault.sort for fault in file.faults] == ["fabricated"]
    [dag] = file.dags
    assert [(edge.upstream, edge.downstream) for edge in dag.edges] == [("thing", "after")]
    assert dag.calls[0].class_name == "airflow.providers.nowhere.operators.things.ThingOperator"


@pytest.mark.timeout(580)
def test_what_a_task_asks_of_its_run_is_what_airflow_2_says(second: Path) -> None:
    imported = lowered(load([CONTEXTS], python=second)[0], str(second), None, Sink())
    [report] = verify_airflow([(CONTEXTS, imported)], Settings(python=second, time_limit=500))
    assert not report.differences
    assert report.equal, to_text(report.diagnostics)
    assert report.tasks == 136


@pytest.mark.timeout(580)
def test_intervals_are_those_of_airflow_2(second: Path, tmp_path: Path) -> None:
    """With the runs before and after them, where clocks change too."""
    environment = {"AIRFLOW_HOME": str(tmp_path), "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR"}
    command = [str(second), str(Path(__file__).with_name("timetables.py"))]
    asked = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    rows = json.loads(asked.splitlines()[-1])
    assert len(rows) > 1000
    for schedule, zone, moment, *theirs in rows:
        cron = schedule if isinstance(schedule, str) else ""
        plan = Timetable("interval", cron=cron, seconds=None if cron else schedule, zone=zone)
        interval = plan.manual(datetime.fromisoformat(moment))
        found = [*interval, plan.following(interval), plan.before(interval.start)]
        assert found == [datetime.fromisoformat(one) for one in theirs], (schedule, zone, moment)


@pytest.mark.timeout(580)
def test_mapped_groups_are_read_as_airflow_2_reads_them(second: Path) -> None:
    file = Path(__file__).with_name("groups.py")
    imported = lowered(load([file], python=second)[0], str(second), None, Sink())
    [report] = verify_airflow([(file, imported)], Settings(python=second, time_limit=500))
    assert not report.differences
    assert report.equal, to_text(report.diagnostics)
    assert report.tasks > 30


def test_what_fails_there_alone_is_refused(second: Path, tmp_path: Path) -> None:
    paths = [rewritten(FIXTURES[0].parents[1] / name / "dag.py", tmp_path / name) for name in REFUSED]
    for file, why in zip(load(paths, python=second), REFUSED.values(), strict=True):
        imported = lowered(file, str(second), None, Sink())
        assert [entry.workflow for entry in imported.workflows] == [None]
        assert why in to_text(imported.diagnostics)


@pytest.mark.timeout(1200)
def test_the_fixtures_are_right_for_airflow_2_too(second: Path, tmp_path: Path) -> None:
    paths = [rewritten(path, tmp_path / path.parent.name) for path in FIXTURES]
    files = load(paths, python=second, time_limit=300)
    pairs = [(path, lowered(file, str(second), None, Sink())) for path, file in zip(paths, files, strict=True)]
    reports = verify_airflow(pairs, Settings(python=second, time_limit=500))
    told = {
        path.parent.name: (report.equal, report.differences, to_text(report.diagnostics) if not report.equal else "")
        for path, report in zip(paths, reports, strict=True)
    }
    assert not [f"{name}: {said}" for name, said in told.items() if not said[0]]
    assert len(told) > 14


def test_machines_do_what_airflow_2_does(second: Path) -> None:
    seeds = (*range(3), *range(FRESH, FRESH + 3))
    specs = [generate(seed, supported(races=False, major=2), most=12) for seed in seeds]
    found = list(judge_airflow(specs, second))
    differing = [shown(one.spec, one.all, one.spec.name) for one in found if one.differs]
    assert not differing, "\n".join(differing)
    assert len(found) == 6
