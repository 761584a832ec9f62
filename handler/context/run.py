"""The dates and names of a run, from what the machine was started with: the same for every task and every retry.

What is left out comes from the schedule or the start time, as Airflow does for a run that somebody triggers
(`DagRun.generate_run_id` in `models/dagrun.py`, `infer_manual_data_interval` of the timetables).
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from handler.context import timetable
from handler.context.settings import AIRFLOW_2, part, word
from handler.errors import InvalidEvent
from handler.json_types import Json, JsonObject

FIELDS = frozenset(
    {
        "logical_date",
        "data_interval_start",
        "data_interval_end",
        "run_after",
        "run_id",
        "conf",
        "params",
        "resume_of",
        "clear",
    }
)
TYPES = ("scheduled", "backfill", "asset_triggered", "operator_triggered", "manual")


class Run(NamedTuple):
    """One run. All moments are in UTC; `logical_date` and the interval are None in a run without a logical date."""

    run_id: str
    run_type: str
    logical_date: dt.datetime | None
    interval: timetable.Interval | None
    run_after: dt.datetime
    started: dt.datetime
    conf: JsonObject
    params: JsonObject


def run_of(context: JsonObject, settings: JsonObject) -> Run:
    """The run behind an event's `context`; InvalidEvent, naming the field, for an input that is none."""
    given = part(context, "input")
    unknown = sorted(given.keys() - FIELDS)
    if unknown:
        raise InvalidEvent(f"the machine's input has unknown fields: {', '.join(unknown)}")
    started = _moment("context.started", context.get("started"))
    if started is None:
        raise InvalidEvent("context.started: a moment is expected")
    start, end = (_moment(name, given.get(name)) for name in ("data_interval_start", "data_interval_end"))
    if (start is None) != (end is None):
        raise InvalidEvent("input: data_interval_start and data_interval_end come together, or not at all")
    after = _moment("run_after", given.get("run_after"))
    plan = timetable.timetable_of(part(settings, "timetable"))
    logical: dt.datetime | None
    interval = None if start is None or end is None else timetable.Interval(start, end)
    scheduled = False
    if "logical_date" in given:
        logical = _moment("logical_date", given["logical_date"])
    elif interval is not None:
        logical, scheduled = interval.start, plan.recurs
    elif after is not None:
        interval = plan.scheduled(after)
        logical, scheduled = interval.start if plan.has_intervals else after, plan.recurs
    else:
        logical = started
    if logical is None and word(settings, "dialect") == AIRFLOW_2:
        raise InvalidEvent("input: logical_date: a run of Airflow 2 always has one")
    if logical is not None and interval is None:
        interval = plan.manual(logical)
    after = after or started
    run_id = given.get("run_id")
    if run_id is not None and not (isinstance(run_id, str) and run_id):
        raise InvalidEvent(f"input: run_id: a string is expected, not {run_id!r}")
    run_type = _type(run_id, scheduled=scheduled)
    if not run_id:
        named = after if word(settings, "dialect") != AIRFLOW_2 or logical is None else logical
        run_id = f"{run_type}__{named.isoformat()}"
    conf, params = _object(given, "conf"), _object(given, "params")
    # What is asked for by name is asked for by whoever starts the run, as `conf` is.
    return Run(run_id, run_type, logical, interval, after, started, {**conf, **params}, params)


def _type(run_id: str | None, *, scheduled: bool) -> str:
    if run_id is None:
        return "scheduled" if scheduled else "manual"
    return next((name for name in TYPES if run_id.startswith(f"{name}__")), "manual")


def _object(given: JsonObject, name: str) -> JsonObject:
    found = given.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise InvalidEvent(f"input: {name}: an object is expected, not {found!r}")
    return found


def _moment(name: str, value: Json) -> dt.datetime | None:
    if value is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidEvent(f"input: {name}: ISO 8601 with an offset is expected, not {value!r}")
    return moment.astimezone(dt.UTC)
