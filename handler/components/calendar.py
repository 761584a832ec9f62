"""One of two values by the time at which the task runs, or the logical date of its run.

As Airflow's BranchDateTimeOperator and BranchDayOfWeekOperator decide (`providers/standard/operators/datetime.py`,
`weekday.py`).
"""

from __future__ import annotations

import datetime as dt
import time
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from handler.codec import decode
from handler.dispatch import Call
from handler.errors import InvalidEvent
from handler.json_types import Json, JsonObject

Bound = dt.datetime | dt.time | None


def run(call: Call) -> object:
    """The value `then` where the moment fits, else `otherwise`."""
    now = _moment(call)
    try:
        return decode(call.config["then" if fits(call.config, now) else "otherwise"])
    except (KeyError, ValueError) as error:
        raise InvalidEvent(f"component_config: {error}") from error


def _moment(call: Call) -> dt.datetime:
    if call.config.get("logical") is not True:
        return dt.datetime.fromtimestamp(time.time(), dt.UTC)
    if call.context is None:
        raise InvalidEvent("component_config: logical: it needs the event's context")
    return call.context["dag_run"].moment


def fits(config: JsonObject, now: dt.datetime) -> bool:
    """Whether `now`, in UTC, is on one of the days, or within the bounds. ValueError for what is no bound."""
    zone = _zone(config.get("zone", "UTC"))
    days = config.get("days")
    if days:
        return now.astimezone(zone).isoweekday() in cast("list[int]", days)
    lower, upper = _window(now, _bound(config.get("lower")), _bound(config.get("upper")))
    if upper is not None and _aware(upper, zone) < now:
        return False
    return lower is None or _aware(lower, zone) <= now


def _window(now: dt.datetime, lower: Bound, upper: Bound) -> tuple[dt.datetime | None, dt.datetime | None]:
    if isinstance(lower, dt.datetime) and isinstance(upper, dt.datetime):
        return lower, upper
    first, last = _on_day(now, lower), _on_day(now, upper)
    if first is not None and last is not None and last < first:
        last += dt.timedelta(days=1)
    return first, last


def _on_day(now: dt.datetime, bound: Bound) -> dt.datetime | None:
    return dt.datetime.combine(now, bound) if isinstance(bound, dt.time) else bound


def _aware(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment


def _bound(tree: Json) -> Bound:
    found = decode(tree)
    if found is None or isinstance(found, (dt.datetime, dt.time)):
        return found
    raise ValueError(f"a bound must be a datetime or a time, not {type(found).__name__}")


def _zone(name: Json) -> dt.tzinfo:
    if name == "UTC":
        return dt.UTC
    try:
        return ZoneInfo(str(name))
    except ZoneInfoNotFoundError as error:
        raise ValueError(f"the time zone {name!r} is not known here") from error
