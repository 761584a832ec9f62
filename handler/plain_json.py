"""What plain JSON makes of a value, as Airflow 2's XComs go through it (`XComEncoder` in its `utils/json.py`).

Tuples inside other values come back as lists, and keys of dicts as the strings that JSON writes for them. So does the
sequence of a mapped task's values, as the whole value alone. A tuple that is the whole value, and what JSON has no word
for (a set, a date) with all that is in it, is left to the codec.
"""

from __future__ import annotations

from typing import cast

from handler.sequences import LazyXComSelectSequence


def plain(value: object) -> object:
    """The value that comes back; TypeError for a key that JSON refuses."""
    if isinstance(value, LazyXComSelectSequence):
        return _plain(list(value))
    return _plain(value) if not isinstance(value, tuple) else cast("object", value)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {_key(key): _plain(item) for key, item in cast("dict[object, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in cast("list[object]", value)]
    return value


def _key(key: object) -> str:
    if isinstance(key, str):
        return key
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    if isinstance(key, int):
        return int.__repr__(key)
    if isinstance(key, float):
        return {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}.get(found := float.__repr__(key), found)
    raise TypeError(f"keys must be str, int, float, bool or None, not {type(key).__name__}")
