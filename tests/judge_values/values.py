"""Expressions of values that XComs keep, drawn at random; nested ones to a depth of two."""

from __future__ import annotations

from random import Random

#: What the files import for them.
IMPORTS = """\
import datetime
import shlex
import zoneinfo
from collections import namedtuple
from dataclasses import dataclass
from decimal import Decimal

import attrs
import pendulum
import pydantic
"""
CLASSES = """\
@dataclass
class Point:
    x: int
    y: float = 0.5


@attrs.define
class Pair:
    left: int
    right: str = "r"


class Model(pydantic.BaseModel):
    count: int
    word: str = "w"
"""
_KEYS = ("a", "b", "key with space", "ä", "0")
_PLAIN = (
    "None",
    "True",
    "0",
    "-7",
    "2**70",
    "1.5",
    "-0.0",
    "''",
    "'text'",
    "'ü — \\n'",
    "'{{ ds }}'",
    "datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.timezone.utc)",
    "datetime.date(2023, 12, 31)",
    "datetime.timedelta(days=1, seconds=5)",
    "Decimal('1.10')",
    "pendulum.datetime(2024, 3, 31, 1, tz='Europe/Berlin')",
    "pendulum.duration(hours=3)",
    "pendulum.parse('2024-05-06T07:08:09+02:00')",
    "datetime.datetime(2024, 7, 1, tzinfo=zoneinfo.ZoneInfo('America/New_York'))",
)
_HEAVY = (
    "__import__('numpy').int64(7)",
    "__import__('numpy').float64(2.5)",
    "__import__('numpy').bool_(True)",
    "__import__('pandas').DataFrame({'a': [1, 2], 'b': ['x', 'y']})",
)
#: Not kept by Airflow, or not read again: the try fails on both sides.
_ODD = (
    "b'bytes'",
    "object()",
    "1j",
    "Point(3)",
    "Pair(4)",
    "Model(count=5)",
    "datetime.time(1, 2)",
    "range(3)",
    "lambda: 1",
    "{1: 2}",
)


def value(random: Random, depth: int = 2) -> str:
    """One expression."""
    drawn = random.random()
    if drawn < 0.06:
        return random.choice(_HEAVY)
    if drawn < 0.12:
        return random.choice(_ODD)
    if depth == 0 or drawn < 0.6:
        return random.choice(_PLAIN)
    inner = [value(random, depth - 1) for _ in range(random.randrange(4))]
    match random.randrange(5):
        case 0:
            return f"[{', '.join(inner)}]"
        case 1:
            return f"({''.join(one + ', ' for one in inner)})"
        case 2:
            return "{" + ", ".join(f"{key!r}: {one}" for key, one in zip(_KEYS, inner, strict=False)) + "}"
        case 3:
            return f"{{{random.randrange(9)}}}"
        case _:
            return f"frozenset([{random.randrange(9)}])"


def plain(random: Random) -> str:
    """One expression that every engine keeps as it is."""
    return random.choice(_PLAIN)


def literal(random: Random) -> str:
    """One that the file itself may hand to a task: the compiler writes no objects of a library's own classes."""
    return random.choice([one for one in _PLAIN if "pendulum" not in one])
