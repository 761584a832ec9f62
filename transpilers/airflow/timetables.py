"""Schedules to `ir.Timetable`: what Airflow itself made of them where it was asked, else what its versions make.

Airflow 3 takes cron expressions and timedeltas for triggers unless its configuration says otherwise
(`[scheduler] create_cron_data_intervals`), Airflow 2 for data intervals.
"""

from __future__ import annotations

from core_compiler.ir import Timetable
from transpilers.airflow.asking import AIRFLOW_2
from transpilers.airflow.call import DagCall, DateTime, Delta, Literal, TimetableCall

#: By the end of the class's name.
KINDS = {
    "CronTriggerTimetable": "trigger",
    "DeltaTriggerTimetable": "trigger",
    "CronDataIntervalTimetable": "interval",
    "DeltaDataIntervalTimetable": "interval",
}
PRESETS_WITHOUT_CRON = frozenset({"@once", "@continuous"})


def timetable(dag: DagCall, dialect: str) -> Timetable:
    """The timetable of a DAG."""
    if dag.timetable is not None:
        return _told(dag.timetable)
    kind = "interval" if dialect == AIRFLOW_2 else "trigger"
    match dag.kwargs.get("schedule"):
        case Literal(str() as text) if text not in PRESETS_WITHOUT_CRON and text != "None":
            return Timetable(kind, cron=text, zone=_zone(dag))
        case Delta(seconds):
            return Timetable(kind, seconds=seconds)
        case _:
            return Timetable()


def _told(found: TimetableCall) -> Timetable:
    kind = KINDS.get(found.class_name.rpartition(".")[2])
    if kind is None:
        return Timetable()
    return Timetable(kind, cron=found.cron, seconds=found.seconds, zone=found.zone or "UTC", width=found.width)


def _zone(dag: DagCall) -> str:
    start = dag.kwargs.get("start_date")
    return start.zone if isinstance(start, DateTime) and start.zone else "UTC"
