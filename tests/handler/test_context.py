"""What a task may ask of its run, what that costs, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.handler_world import ROOT, World, conforms

from handler.context import airflow2, airflow3, params
from handler.context.objects import TriggerRule
from handler.context.run import run_of
from handler.context.timetable import Interval, Timetable
from handler.errors import InfrastructureError, InvalidEvent, RunFailed, TryFailed
from handler.rules import RULES
from transpilers.airflow import asking
from transpilers.airflow.context import CONTEXT_KEYS

STARTED = "2026-03-01T10:30:00.250Z"
CONTEXT: dict[str, Any] = {"started": STARTED, "input": {}}
DATED: dict[str, Any] = {"started": STARTED, "input": {"logical_date": "2026-01-02T03:04:05+00:00"}}


def _settings(world: World, **settings: object) -> None:
    (world._user / "context.json").write_text(json.dumps({"name": "d", **settings}))


def _value(world: World, task: str, key: str = "return_value") -> Any:
    return world.record(f"done/{task}")["values"][key]["inline"]


def test_parameters_are_filled_by_name(world: World):
    world.module("m", "def f(a, ds, *, ts=None, run_id): return [a, ds, ts, run_id]")
    assert world.run_task("t", "m:f", 1, context=DATED) == "success"
    run_id = "manual__2026-03-01T10:30:00.250000+00:00"
    assert _value(world, "t") == [1, "2026-01-02", "2026-01-02T03:04:05+00:00", run_id]


def test_keywords_come_in_airflow_s_order(world: World):
    """Of what is given: the arguments as they are written, `templates_dict` behind them."""
    world.module("m", "def f(**kwargs): return [name for name in kwargs if name in ('z', 'a', 'templates_dict')]")
    given = {name: {"value": value} for name, value in {"z": 1, "templates_dict": {"b": 2}, "a": 3}.items()}
    event = world.event("t", "m:f", context=DATED) | {"kwargs": given}
    world.invoke(event)
    assert _value(world, "t") == ["z", "a", "templates_dict"]


def test_pushed_values_stay_whatever_becomes_of_the_try_and_go_with_the_next(world: World):
    world.module(
        "m",
        "def f(ti):\n    ti.xcom_push(f'k{ti.try_number}', ti.try_number)\n    raise RuntimeError\n"
        "def g(ti): return [ti.xcom_pull(task_ids='t', key=k) for k in ('k1', 'k2')]\n",
    )
    with pytest.raises(TryFailed):
        world.run_task("t", "m:f", context=CONTEXT, retries=1)
    assert world.run_task("t", "m:f", context=CONTEXT, retries=1) == "failed"
    assert world.run_task("u", "m:g", context=CONTEXT, rule="all_done", upstream=["t"]) == "success"
    assert _value(world, "u") == [None, 2]


def test_what_cannot_be_stored_fails_where_it_is_pushed(world: World):
    world.module("m", "def f(ti):\n    try: ti.xcom_push('k', object())\n    except TypeError as e: return str(e)\n")
    world.run_task("t", "m:f", context=CONTEXT)
    assert "cannot be stored" in _value(world, "t")


@pytest.mark.parametrize(
    "asked",
    [
        "ti.log_url",
        "dag_run.note_of",
        "context['inlet_events'].x",
        "f\"{context['prev_start_date_success']}\"",
        "ti.key",
        "bool(context['triggering_asset_events'])",
        "ti.xcom_pull(dag_id='other')",
        "ti.xcom_pull('other', key=None)",
        "dag.tags",
        "dag.get_task('other')",
        "ti.operator",
        "dag_run.queued_at",
        "task.sla",
        "task.render_template('{% include \\'other.sql\\' ignore missing %}', {})",
        "task.render_template('{{ prev_end_date_success }}', context)",
    ],
)
def test_what_is_not_there_is_an_error_and_no_retry_helps(world: World, asked: str):
    world.module("m", f"def f(ti, dag_run, dag, task, **context): return {asked}")
    assert world.run_task("t", "m:f", context=DATED, retries=5) == "failed"
    assert world.record("done/t")["error"]["type"] == "ContextMissing"


def test_the_whole_context_can_be_printed(world: World):
    world.module("m", "def f(**context): print(context); return sorted(context)")
    assert world.run_task("t", "m:f", context=DATED) == "success"
    assert set(_value(world, "t")) >= {"ds", "ti", "inlet_events", "templates_dict"}
    assert "<inlet_events: not there>" in world.text("log/t")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"logical_date": "2026-01-01"}, "logical_date: ISO 8601 with an offset is expected"),
        ({"logical_date": 5}, "logical_date: ISO 8601"),
        ({"run_after": "soon"}, "run_after: ISO 8601"),
        ({"data_interval_start": "2026-01-01T00:00:00Z"}, "data_interval_start and data_interval_end come together"),
        ({"conf": [1]}, "conf: an object is expected"),
        ({"run_id": 7}, "run_id: a string is expected"),
        ({"logicaldate": "2026-01-01T00:00:00Z"}, "unknown fields: logicaldate"),
    ],
)
def test_an_input_that_is_none_is_refused(given: dict[str, Any], reason: str):
    with pytest.raises(InvalidEvent, match=reason):
        run_of({"started": STARTED, "input": given}, {})


def test_a_run_without_a_logical_date_has_none_of_its_names(world: World):
    world.module(
        "m", "def f(**context): return sorted({'ds', 'ts', 'logical_date', 'data_interval_end'} & set(context))"
    )
    world.run_task("t", "m:f", context={"started": STARTED, "input": {"logical_date": None}})
    assert _value(world, "t") == []
    with pytest.raises(InvalidEvent, match="a run of Airflow 2 always has one"):
        run_of({"started": STARTED, "input": {"logical_date": None}}, {"dialect": "airflow-2"})


NOON = "2026-03-01T12:00:00Z"
TRIGGER: dict[str, Any] = {"kind": "trigger", "cron": "@daily"}
DAILY: dict[str, Any] = {"kind": "interval", "cron": "@daily", "zone": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("timetable", "given", "logical", "start", "end", "run_type"),
    [
        ({}, {}, STARTED, STARTED, STARTED, "manual"),
        (TRIGGER, {"run_after": "2026-03-01T00:00:00Z"}, *["2026-03-01T00:00Z"] * 3, "scheduled"),
        (DAILY, {"run_after": "2026-03-30T22:00:00Z"}, *["2026-03-29T22:00Z"] * 2, "2026-03-30T22:00Z", "scheduled"),
        # The clocks go forward on 29 March: that day has 23 hours.
        (DAILY, {"run_after": "2026-03-29T22:00:00Z"}, *["2026-03-28T23:00Z"] * 2, "2026-03-29T22:00Z", "scheduled"),
        (DAILY, {"logical_date": NOON}, NOON, "2026-02-27T23:00Z", "2026-02-28T23:00Z", "manual"),
        ({"kind": "interval", "seconds": 3600}, {}, STARTED, "2026-03-01T09:30:00.250Z", STARTED, "manual"),
        (TRIGGER | {"width": 60}, {}, STARTED, "2026-03-01T10:29:00.250Z", STARTED, "manual"),
        ({}, {"run_id": "backfill__x"}, STARTED, STARTED, STARTED, "backfill"),
    ],
)
def test_what_is_left_out_comes_from_the_schedule_or_the_start(
    timetable: dict[str, Any], given: dict[str, Any], logical: str, start: str, end: str, run_type: str
):
    import datetime as dt

    run = run_of({"started": STARTED, "input": given}, {"timetable": timetable})
    assert run.logical_date == dt.datetime.fromisoformat(logical)
    assert run.interval == Interval(dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end))
    assert run.run_type == run_type
    assert run == run_of({"started": STARTED, "input": given}, {"timetable": timetable})


def test_a_day_that_has_an_hour_twice():
    import datetime as dt

    hourly = Timetable("interval", cron="30 * * * *", zone="Europe/Berlin")
    moments = [dt.datetime(2026, 10, 24, 23, 30, tzinfo=dt.UTC)]
    for _ in range(3):
        moments.append(hourly.after(moments[-1]))
    assert [moment.hour for moment in moments] == [23, 0, 1, 2]


def test_a_time_that_clocks_skip_or_repeat():
    """02:00 comes twice in October, and Airflow takes the second; in March 02:30 does not come, and it takes 03:30."""
    import datetime as dt

    at = dt.datetime.fromisoformat
    october = Timetable("interval", cron="0 2 * * *", zone="Europe/Berlin")
    assert october.manual(at("2025-10-26T01:00:00Z")) == (at("2025-10-25T00:00:00Z"), at("2025-10-26T01:00:00Z"))
    march = Timetable("interval", cron="30 2 * * 0", zone="Europe/Berlin")
    assert march.after(at("2025-03-29T12:00:00Z")) == at("2025-03-30T01:30:00Z")


def test_a_run_whose_params_are_not_valid_is_not_started(world: World):
    count = {"value": 3, "schema": {"type": "integer", "minimum": 1}}
    _settings(world, params={"count": count, "needed": {"schema": {"type": "string"}}})
    event = {"v": 1, "op": "begin", "run": world.run, "context": CONTEXT}
    with pytest.raises(RunFailed, match="needed: No value passed"):
        world.begin(event)
    wrong = {**event, "context": {"started": STARTED, "input": {"conf": {"needed": "x", "count": 0}}}}
    with pytest.raises(RunFailed, match="count: 0 is less than the minimum"):
        world.begin(wrong)
    right = {**event, "context": {"started": STARTED, "input": {"params": {"needed": "x"}}}}
    assert world.begin(right)["run_id"].startswith("manual__")


def test_a_format_that_nothing_here_checks_is_said(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(params, "find_spec", lambda name: None)
    _settings(world, params={"since": {"value": ["x"], "schema": {"items": {"format": "date-time"}}}})
    with pytest.raises(InfrastructureError, match="need the library rfc3339_validator"):
        world.begin({"v": 1, "op": "begin", "run": world.run, "context": CONTEXT})


def test_templates_are_rendered_where_arguments_are_read(world: World):
    world.module("m", "def f(*a, k): return [a, k]")
    template = {"template": {"text": "{{ ds }}-{{ params.n }}"}}
    _settings(world, params={"n": {"value": 4}})
    event = world.event("t", "m:f", context=DATED) | {
        "args": [template, {"list": [template]}],
        "kwargs": {"k": template},
    }
    world.invoke(event)
    assert _value(world, "t")[0]["$value"] == ["2026-01-02-4", ["2026-01-02-4"]]


def test_the_machine_s_names_are_those_that_the_compiler_lets_through():
    run = run_of(DATED, {})
    three, two = airflow3.makers(run, {}, {}, "t").keys(), airflow2.makers(run, {}, {}, "t").keys()
    own = {"dag", "dag_run", "params", "run_id", "task", "task_instance", "templates_dict", "ti"}
    for names, dialect in ((three, asking.AIRFLOW_3), (two, asking.AIRFLOW_2)):
        taken = asking.COMMON | asking.ONLY[dialect]
        only = {"task_state_store"} if dialect == asking.AIRFLOW_3 else set[str]()
        assert taken == (names | own | only) - asking.REFUSED
    assert (three | own) <= CONTEXT_KEYS


@pytest.mark.parametrize(("source", "loaded"), [("a", set()), ("ds", set()), ("logical_date", {"pendulum"})])
def test_a_task_that_uses_none_of_it_loads_none_of_it(tmp_path: Path, source: str, loaded: set[str]):
    (tmp_path / "m.py").write_text(f"def f({source}=1): return str({source})")
    event: dict[str, Any] = {"v": 1, "op": "run", "run": "r", "task": "t", "component_name": "python"}
    event |= {"component_config": {"callable": "m:f", "context": True}} | ({"context": DATED} if source != "a" else {})
    program = (
        "import json, sys; from handler.app import lambda_handler; "
        f"print(lambda_handler(json.loads({json.dumps(event)!r}), None)['status'], "
        "*sorted({name.partition('.')[0] for name in sys.modules} & {'jinja2', 'pendulum', 'jsonschema', 'croniter'}), "
        "'handler.context' in sys.modules)"
    )
    environment = {
        "STEPWEAVE_USER": str(tmp_path),
        "STEPWEAVE_STORE": (tmp_path / "s").as_uri(),
        "PYTHONPATH": str(ROOT),
    }
    out = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["success", *sorted(loaded), str(source != "a")]


def test_what_a_task_keeps_lies_under_its_run_for_its_next_try(world: World):
    world.module(
        "m",
        "def f(task_state_store, ti):\n    kept = task_state_store.get('a/b')\n"
        "    task_state_store.set('a/b', [ti.try_number])\n    return kept or 1 / 0\n",
    )
    with pytest.raises(TryFailed):
        world.run_task("t", "m:f", context=CONTEXT, retries=1)
    assert world.run_task("t", "m:f", context=CONTEXT, retries=1) == "success"
    assert _value(world, "t") == [1]
    [key] = world.store.list(f"{world.run}/state/")
    assert key == f"{world.run}/state/t/a%2Fb"
    held = json.loads(world.store.get(key) or b"")
    conforms(held, "stateRecord")
    assert held["value"] == [2]


def test_templates_know_every_trigger_rule():
    assert {rule.value for rule in TriggerRule} == set(RULES)
