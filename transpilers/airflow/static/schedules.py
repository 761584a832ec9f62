"""What Airflow makes of a schedule, by its major version with the configuration that it ships with."""

from __future__ import annotations

from datetime import datetime, timedelta

from transpilers.airflow.call import TimetableCall
from transpilers.airflow.static.graph.nodes import Dag
from transpilers.airflow.static.values import Value, Zone

SDK = "airflow.sdk.definitions.timetables"
#: `cron_presets`; the other words that croniter knows are left to it.
PRESETS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@quarterly": "0 0 1 */3 *",
    "@yearly": "0 0 1 1 *",
}
SIMPLE = {None: "NullTimetable", "@once": "OnceTimetable", "@continuous": "ContinuousTimetable"}
DAY = 86400.0


def timetable(dag: Dag, kwargs: dict[str, Value], dialect: str) -> TimetableCall | None:
    """The timetable of a DAG; None where only Airflow can tell."""
    third = dialect == "3"
    if "schedule" not in kwargs and not third:
        # Airflow 2 runs a DAG that says nothing every day.
        return TimetableCall("airflow.timetables.interval.DeltaDataIntervalTimetable", seconds=DAY)
    match kwargs.get("schedule"):
        case (None | "@once" | "@continuous") as simple:
            home = f"{SDK}.simple" if third else "airflow.timetables.simple"
            return TimetableCall(f"{home}.{SIMPLE[simple]}")
        case str() as text:
            cron = PRESETS.get(text, text)
            zone = _zone(dag)
            if zone is None:
                return None
            name = f"{SDK}.trigger.CronTrigger" if third else "airflow.timetables.interval.CronDataInterval"
            return TimetableCall(f"{name}Timetable", cron=cron, zone=zone)
        case timedelta() as every:
            name = f"{SDK}.trigger.DeltaTrigger" if third else "airflow.timetables.interval.DeltaDataInterval"
            return TimetableCall(f"{name}Timetable", seconds=every.total_seconds())
        case _:
            return None


def _zone(dag: Dag) -> str | None:
    """The zone of a DAG: that of its start date, else UTC; None where it is not known."""
    start = dag.kwargs.get("start_date")
    if start is None and isinstance(dag.default_args, dict):
        start = dag.default_args.get("start_date")
    if start is None or (isinstance(start, datetime) and start.tzinfo is None):
        return "UTC"
    if isinstance(start, datetime) and isinstance(start.tzinfo, Zone):
        return start.tzinfo.key
    return "UTC" if isinstance(start, datetime) and start.utcoffset() == timedelta(0) else None
