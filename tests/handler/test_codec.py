"""The store's codec: what goes in comes out, or is refused by name."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import enum
import json
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handler.codec import decode, dumps, encode, loads

ZONES = st.sampled_from(
    [None, dt.UTC, dt.timezone(dt.timedelta(hours=-3, seconds=7)), ZoneInfo("Europe/London"), ZoneInfo("UTC")]
)
HASHABLE = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        st.text(st.characters(exclude_categories=())),
        st.binary(),
        st.datetimes(timezones=ZONES, allow_imaginary=True),
        st.dates(),
        st.times(timezones=ZONES),
        st.timedeltas(),
        st.decimals(allow_nan=False),
    ),
    lambda inner: st.one_of(st.tuples(inner, inner), st.frozensets(inner, max_size=3)),
    max_leaves=6,
)
VALUES = st.recursive(
    HASHABLE,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.sets(HASHABLE, max_size=4),
        st.dictionaries(HASHABLE, inner, max_size=4),
        st.dictionaries(st.sampled_from(["$type", "$value", "a"]), inner, max_size=3),
    ),
    max_leaves=12,
)


def shape(value: object) -> object:
    """The value with its types: 1, True and 1.0 differ, and zones count, with a fold that means something."""
    match value:
        case dict():
            return ("dict", [(shape(key), shape(item)) for key, item in value.items()])
        case list() | tuple():
            return (type(value).__name__, [shape(item) for item in value])
        case set() | frozenset():
            return (type(value).__name__, sorted(repr(shape(item)) for item in value))
        case dt.datetime() | dt.time():
            fold = value.fold if isinstance(value.tzinfo, ZoneInfo) else 0
            return (type(value).__name__, value.isoformat(), str(value.tzinfo), fold)
        case _:
            return (type(value).__name__, repr(value))


@settings(deadline=None)
@given(VALUES)
def test_round_trip_keeps_values_and_types(value):
    assert shape(loads(dumps(value))) == shape(value)


@settings(deadline=None)
@given(VALUES)
def test_the_bytes_are_strict_json(value):
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    json.loads(dumps(value), parse_constant=refuse)


@pytest.mark.parametrize(
    "number", [float("nan"), float("inf"), float("-inf"), Decimal("NaN"), 7**9999, -(2**5000)], ids=lambda _: ""
)
def test_numbers_json_has_no_word_for(number):
    assert repr(hex(decoded) if isinstance(decoded := loads(dumps(number)), int) else decoded) == repr(
        hex(number) if isinstance(number, int) else number
    )


def test_equal_sets_give_equal_bytes():
    assert dumps({"b", "a", "c"}) == dumps({"c", "b", "a"})


def test_plain_json_is_written_as_it_is():
    value = {"a": [1, 2.5, None, True, "x"], "b": {"c": []}}
    assert json.loads(dumps(value)) == value


def test_the_form_of_a_duration_is_seconds():
    assert encode(dt.timedelta(seconds=3.5)) == {"$type": "timedelta", "$value": 3.5}


class Colour(enum.IntEnum):
    RED = 1


class Word(str):
    pass


class Moment(dt.datetime):
    pass


@pytest.mark.parametrize(
    ("value", "base"),
    [
        (Colour.RED, 1),
        (Word("x"), "x"),
        (collections.namedtuple("Point", "x y")(1, 2), (1, 2)),
        (collections.OrderedDict(a=1), {"a": 1}),
        (Moment(2024, 1, 2, tzinfo=dt.UTC), dt.datetime(2024, 1, 2, tzinfo=dt.UTC)),
    ],
)
def test_subclasses_become_their_base(value, base):
    assert shape(loads(dumps(value))) == shape(base)


class Plain(enum.Enum):
    ONE = 1


class Precise(dt.timedelta):
    """Like a duration with nanoseconds: its base does not equal it."""

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = dt.timedelta.__hash__


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"a": [1, np.float64(1.5)]}, "value['a'][1] is a numpy float64"),
        (np.arange(3), "value is a numpy ndarray"),
        ([object()], "value[0] is a builtins.object"),
        (1j, "value is a builtins.complex"),
        ({Plain.ONE: 1}, "has a key <Plain.ONE: 1> that is a"),
        ((lambda: 1), "value is a builtins.function"),
        (Precise(1), "Precise, which cannot be stored"),
        (range(3), "value is a builtins.range"),
    ],
)
def test_what_cannot_be_stored_is_named_with_its_place(value, place):
    with pytest.raises(TypeError) as caught:
        dumps(value)
    assert place in str(caught.value)


def test_a_value_that_contains_itself_is_refused():
    value: list[object] = []
    value.append(value)
    with pytest.raises(TypeError, match="contains itself"):
        dumps(value)


def test_through_json_goes_all_the_way_down():
    value = {1: [{2: ({None: True},)}], "$type": 3}
    expected = {"1": [{"2": ({"None": True},)}], "$type": 3}
    assert loads(dumps(value, through_json=True)) == expected


@pytest.mark.parametrize(
    "tree",
    [
        {"$type": "spaceship", "$value": 1},
        {"$type": "tuple"},
        {"$type": "tuple", "$value": [], "more": 1},
        {"$type": "tuple", "$value": 1},
        {"$type": "set", "$value": [[1]]},
        {"$type": "dict", "$value": [[1]]},
        {"$type": "datetime", "$value": "yesterday"},
        {"$type": "Decimal", "$value": "many"},
        {"$type": 1, "$value": 1},
        {"$type": "datetime", "$value": ["2024-01-01T00:00:00", "No/Where", 0]},
    ],
)
def test_broken_tags_are_refused(tree):
    with pytest.raises(ValueError, match=r"tag|No/Where"):
        decode(tree)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("9.90", "9.9"), ("0.1234567890123456789", "0.12345678901234568"), ("1E+3", "1000"), ("7", "7"), ("-0.0", "-0.0")],
)
def test_decimals_pass_through_floats_as_in_airflow(given: str, kept: str) -> None:
    value = loads(dumps([Decimal(given)], through_json=True))
    assert repr(value) == repr([Decimal(kept)])
    assert loads(dumps(Decimal(given))) == Decimal(given)


def test_a_value_with_a_part_that_airflow_does_not_read_is_not_read_at_all() -> None:
    @dataclasses.dataclass
    class Point:
        x: int

    written = dumps({"a": [Point(1), '{"$type":"unreadable"}'], "b": 2}, through_json=True)
    assert json.loads(written) == {"$type": "unreadable", "$value": "ImportError"}
    kept = ['{"$type":"unreadable",', {"$type": "unreadable", "$value": 1}]
    assert loads(dumps(kept, through_json=True)) == kept
