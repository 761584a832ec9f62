"""Scalars as Airflow 3's own serialisation keeps them between tasks, for values that pass `through_json`.

Source: `airflow/sdk/serde/`. What it refuses is refused; what it writes and then refuses to read back (dataclasses,
attrs and pydantic models, which are on no allow list; offsets without a name) is kept so, and fails whoever reads it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from handler.codec_scalars import encode_scalar, rounded
from handler.errors import TaskError
from handler.json_types import Json
from handler.zones import name_of, timezone

NUMBERS = frozenset(
    {"bool", "bool_", "float16", "float32", "float64"}
    | {f"{sign}int{size}" for sign in ("", "u") for size in (8, 16, 32, 64)}
)
#: What a class has that Airflow writes by its fields, or by its own method.
FIELDS = ("__dataclass_fields__", "__attrs_attrs__", "__pydantic_fields__", "serialize")


class Unreadable(TaskError):
    """A value that Airflow writes, and refuses to read."""


def encode_airflow(value: object) -> Json:
    """One scalar as JSON; TypeError, which says what it is, where Airflow does not keep it."""
    kind = type(value)
    library = kind.__module__.partition(".")[0]
    if isinstance(value, float) and value - value != 0:
        raise TypeError(f"is {value}, which JSON has no word for")
    if isinstance(value, (bytes, bytearray, dt.time)):
        raise TypeError(f"is a {kind.__module__}.{kind.__qualname__}, which Airflow does not keep")
    if library == "numpy" and kind.__name__ in NUMBERS:
        return _tag("numpy", [kind.__name__, cast("Any", value).item()])
    if library == "pendulum":
        return _pendulum(value)
    if isinstance(value, dt.datetime):
        if kind is not dt.datetime:
            raise TypeError(f"is a {kind.__module__}.{kind.__qualname__}, which Airflow does not keep")
        return _moment("datetime.timezone", value)
    if kind is uuid.UUID:
        return _tag("UUID", str(value))
    if isinstance(value, ZoneInfo):
        return _tag("ZoneInfo", value.key)
    if library == "pandas" and kind.__name__ == "DataFrame":
        return _frame(value)
    if any(hasattr(kind, name) for name in FIELDS):
        return _tag("unreadable", "ImportError")
    return encode_scalar(rounded(value))


def _pendulum(value: object) -> Json:
    kind = type(value).__name__
    if isinstance(value, dt.datetime):
        return _moment("pendulum", value)
    if isinstance(value, dt.date):
        return _tag("pendulum.date", value.isoformat())
    if kind in ("Timezone", "FixedTimezone"):
        return _tag("pendulum.timezone", name_of(value))
    raise TypeError(f"is a pendulum {kind}, which Airflow does not keep")


def _moment(tag: str, value: dt.datetime) -> Json:
    """With the zone's name or offset; which of two such times it is follows from the moment itself."""
    if value.tzinfo is None and tag == "pendulum":
        # Airflow reads it as one of the zone of the machine that reads it.
        value = type(value).fromtimestamp(value.timestamp())
    if value.tzinfo is None:
        return _tag("datetime", value.isoformat())
    name = name_of(value.tzinfo)
    if name is None and value.tzinfo.utcoffset(None) == dt.timedelta():
        name = "UTC"
    if name is None:
        return _tag("unreadable", "ValueError")
    try:
        zone = ZoneInfo(name) if isinstance(name, str) else dt.timezone(dt.timedelta(seconds=name))
    except ZoneInfoNotFoundError:
        return _tag("unreadable", "ValueError")
    there = dt.datetime.fromtimestamp(value.timestamp(), zone)
    return _tag(tag, [there.replace(tzinfo=None, fold=0).isoformat(), name, there.fold])


def _frame(value: object) -> Json:
    import base64
    import io

    buffer = io.BytesIO()
    try:
        cast("Any", value).to_parquet(buffer)
    except ImportError as error:
        raise TypeError(f"is a DataFrame, which cannot be stored without pyarrow: {error}") from error
    return _tag("DataFrame", base64.b64encode(buffer.getvalue()).decode("ascii"))


def _tag(name: str, inner: Json) -> Json:
    return {"$type": name, "$value": inner}


def _read_moment(inner: Json) -> dt.datetime:
    text, name, fold = cast("tuple[str, str | int, int]", inner)
    return dt.datetime.fromisoformat(text).replace(tzinfo=timezone(name), fold=fold)


def _read_pendulum(inner: Json) -> object:
    import pendulum

    return cast("Any", pendulum).instance(_read_moment(inner))


def _read_date(inner: Json) -> object:
    import pendulum

    day = dt.date.fromisoformat(str(inner))
    return cast("Any", pendulum).date(day.year, day.month, day.day)


def _read_number(inner: Json) -> object:
    import numpy

    name, number = cast("list[Json]", inner)
    if name not in NUMBERS:
        raise ValueError(f"{name!r} is no type of numpy's that is kept")
    return getattr(numpy, "bool_" if name == "bool" else str(name))(number)


def _read_frame(inner: Json) -> object:
    import base64
    import io

    import pandas

    return cast("Any", pandas).read_parquet(io.BytesIO(base64.b64decode(str(inner))))


def _refuse(inner: Json) -> object:
    raise Unreadable(f"Airflow keeps such a value, and refuses to read it ({inner})")


DECODERS: dict[str, Callable[[Json], object]] = {
    "DataFrame": _read_frame,
    "UUID": lambda inner: uuid.UUID(str(inner)),
    "ZoneInfo": lambda inner: ZoneInfo(str(inner)),
    "datetime.timezone": _read_moment,
    "numpy": _read_number,
    "pendulum": _read_pendulum,
    "pendulum.date": _read_date,
    "pendulum.timezone": lambda inner: timezone(cast("str | int", inner)),
    "unreadable": _refuse,
}
