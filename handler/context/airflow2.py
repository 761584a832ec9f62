"""The names in a context of Airflow 2 (`_get_template_context` of `models/taskinstance.py`, Airflow 2.11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from handler.context import dates
from handler.context.airflow3 import macros
from handler.context.deprecated import text_of
from handler.context.missing import Absent, missing
from handler.context.moments import maybe, moment
from handler.context.run import Run
from handler.context.settings import part, word
from handler.context.timetable import timetable_of
from handler.context.variables import ConnectionAccessor, VariableAccessor
from handler.json_types import JsonObject

#: What the machine does not have.
ABSENT = (
    "conf",
    "inlet_events",
    "outlet_events",
    "prev_data_interval_end_success",
    "prev_data_interval_start_success",
    "prev_end_date_success",
    "prev_execution_date_success",
    "prev_start_date_success",
    "triggering_dataset_events",
)
DAY = dt.timedelta(days=1)


def makers(run: Run, known: JsonObject, facts: JsonObject, task: str) -> dict[str, Callable[[], Any]]:
    """Each name with what makes its value."""
    logical, interval = run.logical_date, run.interval
    if logical is None or interval is None:
        raise missing("a run of Airflow 2 without a logical date")
    plan = timetable_of(part(known, "timetable"))

    def beside(*, later: bool) -> dt.datetime | None:
        """The logical date of the run before or after this one; a run that somebody started counts as its own."""
        if run.run_type == "manual":
            return logical
        if not plan.recurs:
            return None
        if later:
            return plan.following(interval)
        return plan.before(logical) if plan.has_intervals else None

    def near(*, later: bool, dash: str = "-") -> str | None:
        found = beside(later=later)
        return None if found is None else dates.day(found).replace("-", dash)

    return {
        **dates.texts(logical),
        "conn": lambda: ConnectionAccessor(strict=False),
        "data_interval_end": lambda: moment(interval.end),
        "data_interval_start": lambda: moment(interval.start),
        "execution_date": lambda: moment(logical),
        "expanded_ti_count": lambda: None,
        "inlets": list,
        "logical_date": lambda: moment(logical),
        "macros": macros,
        "map_index_template": lambda: facts.get("map_index_template"),
        "next_ds": text_of(lambda: near(later=True)),
        "next_ds_nodash": text_of(lambda: near(later=True, dash="")),
        "next_execution_date": lambda: maybe(beside(later=True)),
        "outlets": list,
        "prev_ds": text_of(lambda: near(later=False)),
        "prev_ds_nodash": text_of(lambda: near(later=False, dash="")),
        "prev_execution_date": lambda: maybe(beside(later=False)),
        "task_instance_key_str": lambda: f"{word(known, 'name')}__{task}__{logical:%Y%m%d}",
        "test_mode": lambda: False,
        "tomorrow_ds": text_of(lambda: dates.day(logical + DAY)),
        "tomorrow_ds_nodash": text_of(lambda: dates.day(logical + DAY).replace("-", "")),
        "var": lambda: {
            "json": VariableAccessor(as_json=True, strict=False),
            "value": VariableAccessor(as_json=False, strict=False),
        },
        "yesterday_ds": text_of(lambda: dates.day(logical - DAY)),
        "yesterday_ds_nodash": text_of(lambda: dates.day(logical - DAY).replace("-", "")),
        **{name: lambda name=name: Absent(name) for name in ABSENT},
    }
