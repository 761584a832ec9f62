"""The scalars of the store's codec that JSON has no word for, each with its form under `$value`.

Subclasses (an `IntEnum`, a time type of a library) are written as their base where that equals them.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

from handler.json_types import Json


def encode_scalar(value: object) -> Json:
    """One scalar as JSON; TypeError, which says what it is, for one of no known type."""
    kind = type(value)
    if kind.__module__.partition(".")[0] == "numpy":
        raise TypeError(f"is a numpy {kind.__name__}, which cannot be stored: use .item() or .tolist()")
    for base in kind.__mro__:
        encoder = _ENCODERS.get(base)
        if encoder is not None and (base is kind or _equals(encoder(value), value)):
            return encoder(value)
    raise TypeError(f"is a {kind.__module__}.{kind.__qualname__}, which cannot be stored")


def rounded(value: object) -> object:
    """A scalar as it comes back from Airflow's JSON: a decimal with a fraction has passed through a float.

    Source: `airflow/sdk/serde/serializers/bignum.py`. OverflowError where a decimal is no whole number and no float.
    """
    if not isinstance(value, Decimal):
        return value
    exponent = value.as_tuple().exponent
    whole = isinstance(exponent, int) and exponent >= 0
    return Decimal(str(int(value) if whole else float(value)))


def decode_scalar(name: str, inner: Json) -> object:
    """The scalar behind a tag; ValueError, TypeError or LookupError for an unknown tag or a wrong value."""
    if name in _DECODERS:
        return _DECODERS[name](inner)
    from handler.codec_airflow import DECODERS

    if name not in DECODERS:
        raise ValueError("there is no such type")
    return DECODERS[name](inner)


def _equals(tree: Json, value: object) -> bool:
    try:
        same = value == (decode_scalar(str(tree["$type"]), tree["$value"]) if isinstance(tree, dict) else tree)
    except (TypeError, ValueError, LookupError):
        return False
    return same is True


def _tag(name: str, inner: Json) -> Json:
    return {"$type": name, "$value": inner}


def _encode_int(value: int) -> Json:
    whole = int.__int__(value)
    return whole if whole.bit_length() <= 4096 else _tag("int", hex(whole))


def _encode_float(value: float) -> Json:
    number = float.__float__(value)
    return number if number - number == 0 else _tag("float", repr(number))


def _encode_moment(value: dt.datetime | dt.time) -> Json:
    """ISO 8601 with its offset; with a named zone, the time there, the name, and which of two such times it is."""
    zone: object = getattr(value.tzinfo, "key", None)
    if isinstance(zone, str):
        return [value.replace(tzinfo=None).isoformat(), zone, value.fold]
    return value.isoformat()


def _encode_duration(value: dt.timedelta) -> Json:
    seconds = value.total_seconds()
    if abs(value.days) < 10**8 and dt.timedelta(seconds=seconds) == value:
        return seconds
    return [value.days, value.seconds, value.microseconds]


_ENCODERS: dict[type, Callable[[Any], Json]] = {
    str: str.__str__,
    int: _encode_int,
    float: _encode_float,
    bytes: lambda value: _tag("bytes", base64.b64encode(value).decode("ascii")),
    dt.datetime: lambda value: _tag("datetime", _encode_moment(value)),
    dt.date: lambda value: _tag("date", value.isoformat()),
    dt.time: lambda value: _tag("time", _encode_moment(value)),
    dt.timedelta: lambda value: _tag("timedelta", _encode_duration(value)),
    Decimal: lambda value: _tag("Decimal", str(value)),
}


def _text(inner: Json) -> str:
    if not isinstance(inner, str):
        raise TypeError(f"a string is expected, not {inner!r}")
    return inner


def _zoned(inner: Json) -> tuple[str, Any, int]:
    from zoneinfo import ZoneInfo

    text, zone, fold = cast("tuple[Json, Json, int]", inner)
    return _text(text), ZoneInfo(_text(zone)), fold


def _decode_datetime(inner: Json) -> dt.datetime:
    if not isinstance(inner, list):
        return dt.datetime.fromisoformat(_text(inner))
    text, zone, fold = _zoned(inner)
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def _decode_time(inner: Json) -> dt.time:
    if not isinstance(inner, list):
        return dt.time.fromisoformat(_text(inner))
    text, zone, fold = _zoned(inner)
    return dt.time.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def _decode_duration(inner: Json) -> dt.timedelta:
    if isinstance(inner, list):
        days, seconds, microseconds = cast("list[int]", inner)
        return dt.timedelta(days, seconds, microseconds)
    return dt.timedelta(seconds=cast("float", inner))


_DECODERS: dict[str, Callable[[Json], object]] = {
    "int": lambda inner: int(_text(inner), 16),
    "float": lambda inner: float(_text(inner)),
    "bytes": lambda inner: base64.b64decode(_text(inner), validate=True),
    "datetime": _decode_datetime,
    "date": lambda inner: dt.date.fromisoformat(_text(inner)),
    "time": _decode_time,
    "timedelta": _decode_duration,
    "Decimal": lambda inner: Decimal(_text(inner)),
}
