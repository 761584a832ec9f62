"""What plain JSON makes of a value, asked of Python's own json, as Airflow 2's encoder is made of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handler.context.instance import Pushed
from handler.plain_json import plain

KEYS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(KEYS, inner),
)


@given(VALUES)
def test_it_is_what_comes_back_from_json(value: Any) -> None:
    expected = value if isinstance(value, tuple) else json.loads(json.dumps(value))
    assert plain(value) == expected


def test_what_json_has_no_word_for_is_left_whole() -> None:
    assert plain([{"set": {(1, 2)}}]) == [{"set": {(1, 2)}}]
    assert plain((1, (2, [3]))) == (1, (2, [3]))
    assert [*plain({float("inf"): 1, float("-inf"): 2})] == ["Infinity", "-Infinity"]  # type: ignore


@pytest.mark.parametrize("key", [(1, 2), b"x", frozenset()])
def test_keys_that_json_refuses_are_refused(key: object) -> None:
    with pytest.raises(TypeError, match="keys must be str, int, float, bool or None, not"):
        json.dumps({key: 1})
    with pytest.raises(TypeError, match="keys must be str, int, float, bool or None, not"):
        plain([{key: 1}])


def test_pushed_values_go_the_same_way() -> None:
    second, third = Pushed(plain_json=True), Pushed()
    for pushed in (second, third):
        pushed.add("k", {"pair": (1, 2)})
    assert [list(pushed.get("k")) for pushed in (second, third)] == [[{"pair": [1, 2]}], [{"pair": (1, 2)}]]
