"""Start and end dates as Airflow keeps them: in UTC, a DAG's own or that of its `default_args`."""

from __future__ import annotations

from datetime import UTC, datetime

from transpilers.airflow.static.graph.nodes import Dag
from transpilers.airflow.static.values import PendulumDateTime, Value, Zone

DATES = ("start_date", "end_date")


def with_dates(dag: Dag, kwargs: dict[str, Value]) -> dict[str, Value]:
    """Arguments of a DAG, its dates among them."""
    found = dict(kwargs)
    defaults = dag.default_args
    for name in DATES:
        value = found.get(name)
        if value is None and isinstance(defaults, dict):
            value = defaults.get(name)
        if value is not None:
            found[name] = in_utc(value)
    return found


def of_task(own: dict[str, Value], dag: dict[str, Value]) -> dict[str, Value]:
    """Arguments of a task, its dates among them: within those of its DAG (`DAG.add_task`)."""
    found = dict(own)
    for name in DATES:
        mine, whole = in_utc(own.get(name)), dag.get(name)
        if mine is None or whole is None:
            mine = whole if mine is None else mine
        elif isinstance(mine, PendulumDateTime) and isinstance(whole, PendulumDateTime):
            mine = max(mine, whole) if name == "start_date" else min(mine, whole)
        if mine is not None:
            found[name] = mine
    return found


def in_utc(value: Value) -> Value:
    """`timezone.convert_to_utc`: a naive time is one of UTC. A time of another named zone stays as it is."""
    if not isinstance(value, datetime):
        return value
    zone = value.tzinfo
    if isinstance(zone, Zone) and zone.key != "UTC":
        return value
    moment = value if zone is None or isinstance(zone, Zone) else value.astimezone(UTC)
    return PendulumDateTime.combine(moment.date(), moment.time(), Zone("UTC", foreign=True))
