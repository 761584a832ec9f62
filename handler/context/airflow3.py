"""The names in a context of Airflow 3 (`RuntimeTaskInstance.get_template_context` of the SDK's `task_runner.py`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handler.context import dates
from handler.context.missing import Absent
from handler.context.moments import moment
from handler.context.run import Run
from handler.context.settings import word
from handler.context.variables import ConnectionAccessor, VariableAccessor
from handler.json_types import JsonObject

#: What the machine does not have.
ABSENT = (
    "inlet_events",
    "outlet_events",
    "prev_end_date_success",
    "prev_start_date_success",
    "triggering_asset_events",
)
ABSENT_WITH_DATE = ("prev_data_interval_start_success", "prev_data_interval_end_success")


def makers(run: Run, known: JsonObject, facts: JsonObject, task: str) -> dict[str, Callable[[], Any]]:
    """Each name with what makes its value; those of dates only in a run that has a logical date."""
    dag_id = word(known, "name")
    made: dict[str, Callable[[], Any]] = {
        "conn": lambda: ConnectionAccessor(strict=True),
        "inlets": list,
        "macros": macros,
        "map_index_template": lambda: facts.get("map_index_template"),
        "outlets": list,
        "partition_date": lambda: None,
        "partition_key": lambda: None,
        "task_instance_key_str": lambda: f"{dag_id}__{task}__{run.run_id}",
        "task_reschedule_count": lambda: 0,
        "var": lambda: {
            "json": VariableAccessor(as_json=True, strict=True),
            "value": VariableAccessor(as_json=False, strict=True),
        },
        **_absent(*ABSENT),
    }
    logical, interval = run.logical_date, run.interval
    if logical is None or interval is None:
        return made
    return (
        made
        | dates.texts(logical)
        | {
            "data_interval_end": lambda: moment(interval.end),
            "data_interval_start": lambda: moment(interval.start),
            "logical_date": lambda: moment(logical),
            "task_instance_key_str": lambda: f"{dag_id}__{task}__{logical:%Y%m%d}",
            **_absent(*ABSENT_WITH_DATE),
        }
    )


def macros() -> Any:
    """Airflow's macros."""
    from handler.context import macros

    return macros


def _absent(*names: str) -> dict[str, Callable[[], Any]]:
    return {name: lambda name=name: Absent(name) for name in names}
