"""Keys: every id has one segment, no two share one, and none leaves its place."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from handler.keys import path, segment, task_keys

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@settings(deadline=None)
@given(st.lists(ANY_TEXT, unique=True, min_size=2, max_size=6))
def test_different_ids_have_different_segments(texts):
    assert len({segment(text) for text in texts}) == len(texts)


@settings(deadline=None)
@given(ANY_TEXT)
def test_a_segment_is_safe_in_every_store(text):
    encoded = segment(text)
    assert 0 < len(encoded) <= 200
    assert encoded.isascii()
    assert "/" not in encoded
    assert not encoded.startswith(".")


def test_plain_ids_are_kept():
    assert segment("group.load-2_b") == "group.load-2_b"
    assert path("machine/run/2024-01-01T00.00.00Z") == "machine/run/2024-01-01T00.00.00Z"


def test_odd_ids():
    assert segment("..") == "%2E."
    assert segment("") == "%"
    assert segment("a/b~c") == "a%2Fb%7Ec"
    assert path("../x") == "%2E./x"


def test_long_ids_differ_by_a_hash():
    one, two = segment("x" * 300), segment("x" * 301)
    assert one != two
    assert len(one) == len(two) == 200


def test_the_keys_of_a_task():
    keys = task_keys("m/e/t", "a b[0]")
    assert keys.done == "m/e/t/done/a%20b%5B0%5D"
    assert keys.start(2) == "m/e/t/try/a%20b%5B0%5D/2/start"
    assert keys.failed(2) == "m/e/t/try/a%20b%5B0%5D/2/failed"
    assert keys.value("req", "return_value") == "m/e/t/out/a%20b%5B0%5D/req/return_value"
    assert keys.log(1, "req") == "m/e/t/log/a%20b%5B0%5D/1-req"
