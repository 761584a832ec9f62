"""Times and the other scalars that JSON has no word for, as the store's codec has them."""

from __future__ import annotations

import base64
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

LIBRARIES = ("datetime", "pendulum")
ZONES = (type(None), timezone, ZoneInfo)


def scalar(value: Any) -> dict[str, Any] | None:
    """One such value, None for any other."""
    cls = class_of(value)
    library = cls.__module__.partition(".")[0]
    if isinstance(value, datetime):
        return _moment(value) if library in LIBRARIES else None
    if isinstance(value, timedelta):
        return _duration(value) if library in LIBRARIES else None
    if isinstance(value, time) and cls is time and type(value.tzinfo) in ZONES:
        zone = _zone(value)
        return tagged("time", [_bare(value), zone, value.fold] if zone else value.isoformat())
    if isinstance(value, time) and library in LIBRARIES and value.tzinfo is None:
        parts = {name: literal(getattr(value, name)) for name in ("hour", "minute", "second", "microsecond")}
        return {"kind": "object", "class_name": f"{cls.__module__}.{cls.__qualname__}", "kwargs": parts}
    if isinstance(value, date) and cls is date:
        return tagged("date", value.isoformat())
    if isinstance(value, bytes) and cls is bytes:
        return tagged("bytes", base64.b64encode(value).decode())
    return tagged("Decimal", str(value)) if cls is Decimal else None


def class_of(value: object) -> type[Any]:
    """The class itself, which `__class__` may hide."""
    return type(value)


def literal(value: Any) -> dict[str, Any]:
    """A value that the codec has a form for."""
    return {"kind": "literal", "value": value}


def tagged(name: str, tree: Any) -> dict[str, Any]:
    """A value in a tag of the codec."""
    return literal({"$type": name, "$value": tree})


def _moment(value: datetime) -> dict[str, Any]:
    zone = _zone(value)
    foreign = type(value) is not datetime or type(value.tzinfo) not in ZONES
    iso = _bare(value) if zone else value.isoformat()
    return {"kind": "datetime", "iso": iso, "zone": zone, "fold": value.fold, "foreign": foreign}


def _duration(value: timedelta) -> dict[str, Any]:
    seconds = value.total_seconds()
    # So long a time is not exact as a float, or does not come back from one.
    if abs(value.days) >= 10**8 or timedelta(seconds=seconds) != value:
        return tagged("timedelta", [value.days, value.seconds, value.microseconds])
    return {"kind": "timedelta", "seconds": seconds, "foreign": type(value) is not timedelta}


def _bare(value: datetime | time) -> str:
    return value.replace(tzinfo=None).isoformat()


def _zone(value: datetime | time) -> str:
    """The name of its time zone, "" where that has none."""
    name = getattr(value.tzinfo, "key", None)
    return name if isinstance(name, str) else ""
