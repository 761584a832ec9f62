"""A file of durations: JSON or CSV, made by hand, by `transpile durations`, or by AWS as an execution's history."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from math import inf, isfinite
from pathlib import Path
from typing import cast

import msgspec

from transpilers.durations.errors import DurationsError
from transpilers.durations.execution import read_history
from transpilers.durations.table import VERSION, Entry, Sample, Table, table

TASK, SECONDS, WORKFLOW = ("task_id", "task"), ("seconds", "duration"), ("dag_id", "workflow", "dag")
#: What separates the cells of a CSV, the one that a first line most likely means first.
_SEPARATORS = ("\t", ";", ",")
#: The columns of a file whose first line names none.
_HEADLESS = ("task_id", "seconds")


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
        content: object = json.loads(text, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as error:
        raise DurationsError(f"not JSON: {error}") from None
    if isinstance(content, list):
        return table(_sample(row, f"entry {number}") for number, row in enumerate(cast("list[object]", content)))
    fields = cast("Mapping[str, object]", content)
    if isinstance(fields.get("events"), list):
        return table(read_history(cast("list[object]", fields["events"])))
    if isinstance(fields.get("workflows"), dict) and "v" in fields:
        return _table(fields)
    nested = {name: _object(fields[name]) for name in fields if isinstance(fields[name], dict)}
    flat = {name: Entry(_seconds(value, name)) for name, value in fields.items() if name not in nested}
    found: dict[str, dict[str, Entry]] = {"": flat} if flat else {}
    for name, tasks in nested.items():
        found[name] = {task: Entry(_seconds(value, f"{name}.{task}")) for task, value in tasks.items()}
    return Table(workflows=found)


def _table(fields: Mapping[str, object]) -> Table:
    """What `transpile durations` writes."""
    try:
        found = msgspec.convert(fields, Table)
    except msgspec.ValidationError as error:
        raise DurationsError(str(error)) from None
    if found.v != VERSION:
        raise DurationsError(f"it is of version {found.v}, and this program reads version {VERSION}")
    for name, tasks in found.workflows.items():
        for task, entry in tasks.items():
            _seconds(entry.seconds, f"{name}.{task}")
            if entry.spread is not None and not 0 <= entry.spread < inf:
                raise DurationsError(f"{name}.{task}: {entry.spread!r} is no spread")
    return found


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise DurationsError(f"{twice!r} stands there twice")
    return made


def _rows(text: str) -> Iterator[Sample]:
    # Excel's own line about the separator.
    lines = ["" if line.lower().startswith("sep=") else line for line in text.splitlines()]
    first = next((line for line in lines if line.strip()), "")
    separator = next((mark for mark in _SEPARATORS if mark in first), ",")
    reader = csv.reader(lines, delimiter=separator)
    columns: list[str] = []
    for cells in reader:
        row = [cell.strip() for cell in cells]
        if not any(row):
            continue
        if not columns:
            columns, is_sample = _columns(row)
            if not is_sample:
                continue
        fields = dict(zip(columns, row, strict=False))
        if separator == ";":
            # Where a comma is the decimal point, spreadsheets separate by semicolons.
            fields |= {name: value.replace(",", ".") for name, value in fields.items() if name in SECONDS}
        yield _sample(fields, f"line {reader.line_num}")


def _columns(row: list[str]) -> tuple[list[str], bool]:
    """The names of the columns, from the first line, and whether that is a task itself."""
    names = [name.lower() for name in row]
    if any(name in names for name in TASK) and any(name in names for name in SECONDS):
        return names, False
    if len(row) == len(_HEADLESS) and _is_number(row[1]):
        return list(_HEADLESS), True
    raise DurationsError(
        f"its first line, {','.join(row)[:60]!r}, does not name the columns: begin it with a line task_id,seconds"
        " (or dag_id,task_id,seconds)"
    )


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


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
    except (ValueError, OverflowError):
        number = float("nan")
    if isinstance(value, bool) or not isfinite(number) or number < 0:
        raise DurationsError(f"{where}: {value!r} is not a number of seconds")
    return number
