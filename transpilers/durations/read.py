"""A file of durations: JSON or CSV, made by hand, by `transpile durations`, or by AWS as an execution's history."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import cast

import msgspec

from transpilers.durations.table import Entry, Sample, Table, table

TASK, SECONDS, WORKFLOW = ("task_id", "task"), ("seconds", "duration"), ("dag_id", "workflow", "dag")


class DurationsError(Exception):
    """Durations that cannot be read; the message says why."""


def read_durations(path: Path) -> Table:
    """Read a file; JSON if it begins so, else CSV. Raises DurationsError."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise DurationsError(error.strerror or str(error)) from None
    except UnicodeDecodeError:
        raise DurationsError("it is not UTF-8") from None
    return _from_json(text) if text.lstrip()[:1] in ("{", "[") else table(_rows(text))


def _from_json(text: str) -> Table:
    try:
        content: object = json.loads(text)
    except ValueError as error:
        raise DurationsError(f"not JSON: {error}") from None
    if isinstance(content, list):
        return table(_sample(row, f"entry {number}") for number, row in enumerate(cast("list[object]", content)))
    fields = cast("Mapping[str, object]", content)
    if isinstance(fields.get("events"), list):
        return table(_history(cast("list[object]", fields["events"])))
    if isinstance(fields.get("workflows"), dict) and "v" in fields:
        try:
            return msgspec.convert(fields, Table)
        except msgspec.ValidationError as error:
            raise DurationsError(str(error)) from None
    nested = {name: _object(fields[name]) for name in fields if isinstance(fields[name], dict)}
    flat = {name: Entry(_seconds(value, name)) for name, value in fields.items() if name not in nested}
    found: dict[str, dict[str, Entry]] = {"": flat} if flat else {}
    for name, tasks in nested.items():
        found[name] = {task: Entry(_seconds(value, f"{name}.{task}")) for task, value in tasks.items()}
    return Table(workflows=found)


def _rows(text: str) -> Iterator[Sample]:
    reader = csv.DictReader(text.splitlines())
    columns = [name.strip() for name in reader.fieldnames or ()]
    if not any(name in columns for name in TASK) or not any(name in columns for name in SECONDS):
        raise DurationsError("its first line does not name the columns task_id and seconds")
    reader.fieldnames = columns
    for row in reader:
        yield _sample(row, f"line {reader.line_num}")


def _sample(row: object, where: str) -> Sample:
    fields = _object(row)
    task = _first(fields, TASK)
    if not isinstance(task, str) or not task:
        raise DurationsError(f"{where} names no task")
    return Sample(str(_first(fields, WORKFLOW) or ""), task, _seconds(_first(fields, SECONDS), where))


def _object(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _first(fields: Mapping[str, object], names: tuple[str, ...]) -> object:
    return next((fields[name] for name in names if name in fields), None)


def _seconds(value: object, where: str) -> float:
    try:
        number = float(cast("float | str", value)) if isinstance(value, int | float | str) else float("nan")
    except ValueError:
        number = float("nan")
    if isinstance(value, bool) or not isfinite(number) or number < 0:
        raise DurationsError(f"{where}: {value!r} is not a number of seconds")
    return number


def _history(events: list[object]) -> Iterator[Sample]:
    """What GetExecutionHistory tells of task states: the time from the last start to the end, by the state's name."""
    entered: dict[str, datetime] = {}
    for event in events:
        fields = _object(event)
        kind = fields.get("type")
        details = fields.get("stateEnteredEventDetails" if kind == "TaskStateEntered" else "stateExitedEventDetails")
        if kind not in ("TaskStateEntered", "TaskStateExited"):
            continue
        name = str(_object(details).get("name"))
        at = _moment(fields.get("timestamp"))
        if kind == "TaskStateEntered":
            entered[name] = at
        elif name in entered:
            yield Sample("", name, max(0.0, (at - entered[name]).total_seconds()))


def _moment(value: object) -> datetime:
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value).astimezone()
        return datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        raise DurationsError(f"{value!r} is not the time of an event") from None
