"""Dates, times and durations of the standard library, pendulum and Airflow."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any

from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.values import (
    NO_ROOM,
    SCALARS,
    Object,
    PendulumDateTime,
    PendulumDuration,
    Raised,
    Unknown,
    Value,
    Zone,
)

CLOCKS = frozenset(
    [
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "pendulum.now",
        "pendulum.today",
        "pendulum.yesterday",
        "pendulum.tomorrow",
        "time.time",
        "airflow.utils.dates.days_ago",
        "airflow.utils.timezone.utcnow",
        "airflow.sdk.timezone.utcnow",
    ]
)
CONSTRUCTORS: dict[str, Any] = {
    "datetime.datetime": datetime,
    "datetime.date": date,
    "datetime.time": time,
    "datetime.timedelta": timedelta,
    "datetime.timezone": timezone,
    "datetime.datetime.combine": datetime.combine,
    "datetime.datetime.fromisoformat": datetime.fromisoformat,
    "datetime.date.fromisoformat": date.fromisoformat,
    "pendulum.duration": PendulumDuration,
    "dateutil.relativedelta.relativedelta": None,
}
#: By whether they make a library's own class.
ZONES = {
    "airflow.utils.timezone.parse_timezone": True,
    "dateutil.tz.gettz": True,
    "pendulum.Timezone": True,
    "pendulum.timezone": True,
    "pendulum.tz.timezone": True,
    "pytz.timezone": True,
    "zoneinfo.ZoneInfo": False,
}
MOMENTS = frozenset({"pendulum.datetime", "airflow.utils.timezone.datetime", "airflow.sdk.timezone.datetime"})
DAYS = re.compile(r"\d{4}-\d{2}-\d{2}")


def call_times(m: Machine, name: str, arguments: Arguments) -> Value:
    """A call of one of these; NO_ROOM for any other name."""
    if name in CLOCKS:
        return m.unknown(f"{name.rpartition('.')[2]}(), which differs from day to day", arguments.node, harmless=True)
    given = [*arguments.args, *arguments.kwargs.values()]
    unknown = next((each for each in given if isinstance(each, Unknown)), arguments.rest)
    if name in ZONES:
        key = given[0] if given else None
        return Zone(key, foreign=ZONES[name]) if isinstance(key, str) else m.unknown("a time zone", arguments.node)
    if name == "pendulum.time" and all(isinstance(each, int) for each in given) and len(given) <= 4:
        parts = ("hour", "minute", "second", "microsecond")
        values = {**dict.fromkeys(parts, 0), **dict(zip(parts, arguments.args, strict=False)), **arguments.kwargs}
        return Object("pendulum.time.Time", (), values)
    if name in MOMENTS:
        return unknown or _pendulum(m, name, arguments)
    if name in ("datetime.datetime.strptime", "pendulum.parse", "dateutil.parser.parse", "pendulum.from_format"):
        return unknown or _parsed(m, name, arguments)
    if name in ("pendulum.instance", "airflow.utils.timezone.make_aware"):
        return m.unknown(f"{name}()", arguments.node)
    if name not in CONSTRUCTORS:
        return NO_ROOM
    if unknown is not None:
        return m.unknown(unknown.reason, arguments.node)
    if CONSTRUCTORS[name] is None or not all(isinstance(each, SCALARS) for each in given):
        return m.unknown(f"{name}()", arguments.node)
    return _made(CONSTRUCTORS[name], arguments)


def _made(how: Any, arguments: Arguments) -> Value:
    try:
        found: Value = how(*arguments.args, **arguments.kwargs)
    except (TypeError, ValueError, OverflowError) as error:
        raise Raised(type(error).__name__, str(error)) from error
    return found


def _pendulum(m: Machine, name: str, arguments: Arguments) -> Value:
    """`pendulum.datetime(2024, 1, 1, tz="UTC")`; UTC is the default, as in Airflow's own."""
    kwargs = dict(arguments.kwargs)
    zone = kwargs.pop("tz", kwargs.pop("tzinfo", "UTC"))
    args = list(arguments.args)
    if len(args) > 7:
        zone = args.pop()
    if isinstance(zone, str):
        zone = Zone(zone, foreign=True)
    if not isinstance(zone, tzinfo) or not all(isinstance(each, int) for each in (*args, *kwargs.values())):
        return m.unknown(f"{name}()", arguments.node)
    if zone is UTC:
        zone = Zone("UTC", foreign=True)
    return _made(PendulumDateTime, Arguments(args, {**kwargs, "tzinfo": zone}, arguments.node))


def _parsed(m: Machine, name: str, arguments: Arguments) -> Value:
    text, *more = [*arguments.args, None]
    pattern = more[0] if more else None
    if name == "datetime.datetime.strptime" and isinstance(text, str) and isinstance(pattern, str):
        return _made(datetime.strptime, Arguments([text, pattern], {}, arguments.node))
    if name == "pendulum.parse" and isinstance(text, str) and DAYS.fullmatch(text) and not arguments.kwargs:
        moment = datetime.fromisoformat(text)
        return PendulumDateTime(moment.year, moment.month, moment.day, tzinfo=Zone("UTC", foreign=True))
    return m.unknown(f"{name}()", arguments.node)
