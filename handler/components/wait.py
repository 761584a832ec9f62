"""Waits until a time that follows from the run's dates, as Airflow's TimeDeltaSensor does.

Source: `sensors/time_delta.py` of apache-airflow-providers-standard 1.21, `BaseSensorOperator.execute`. Nobody waits
here: the machine is told how long, and asks again.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import NamedTuple

from handler.codec import from_bytes, to_bytes
from handler.dispatch import Call
from handler.errors import InfrastructureError, InvalidEvent, Pending
from handler.errors_airflow import AirflowSensorTimeout, AirflowSkipException
from handler.json_types import Json, JsonObject
from handler.keys import task_keys


class _Settings(NamedTuple):
    seconds: float
    limit: float | None
    early: bool
    soft: bool


def run(call: Call) -> object:
    """True where there was nothing to wait for and that is told, else None. Pending asks the machine to wait."""
    settings = _settings(call.config)
    if call.context is None or call.origin is None:
        raise InvalidEvent("component_name: wait: it needs a run, and the event's context")
    now = call.origin.invocation.clock()
    target = (call.context["dag_run"].settled + dt.timedelta(seconds=settings.seconds)).timestamp()
    place = task_keys(call.origin.run, call.origin.task).state("waits since")
    found = call.reader.store.get(place)
    if found is None:
        if now > target:
            return True if settings.early else None
        call.reader.store.put(place, to_bytes({"v": 1, "value": now}))
    ends = math.inf if settings.limit is None else settings.limit + (now if found is None else _since(place, found))
    if now > min(target, ends):
        if target <= ends:
            return None
        message = f"the task has waited for {settings.limit:g} s, and its time is still to come"
        raise AirflowSkipException(message) if settings.soft else AirflowSensorTimeout(message)
    # A whole second, and past it.
    raise Pending(wait=math.floor(min(target, ends) - now) + 1)


def _settings(config: JsonObject) -> _Settings:
    limit = config.get("limit")
    early, soft = config.get("early") is True, config.get("soft") is True
    return _Settings(_number(config.get("seconds")), None if limit is None else _number(limit), early, soft)


def _number(value: Json) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidEvent(f"component_config: a number of seconds is expected, not {value!r}")
    return value


def _since(place: str, data: bytes) -> float:
    tree = from_bytes(data)
    match tree:
        case {"value": int() | float() as since}:
            return since
        case _:
            raise InfrastructureError(f"{place} is no time")
