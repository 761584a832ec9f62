"""The store's codec: JSON, and `{"$type": t, "$value": v}` for what JSON has no word for.

A dict with a key that is no string, or with the key `$type`, is itself written as `$type` `dict` and its pairs, so
every encoded object with the key `$type` is a tag. Subclasses of known types are written as their base.
"""

from __future__ import annotations

import json
from typing import cast

from handler.json_types import Json, JsonObject

#: How a part begins that Airflow writes and does not read again; in a string the quotes would have backslashes.
UNREADABLE = b'{"$type":"unreadable",'
_MAX_DEPTH = 200
# Python refuses to read decimal integers of more than 4,300 digits.
_MAX_PLAIN_BITS = 4096
_INFINITY = float("inf")
_SHOWN_STEPS = 8


def dumps(value: object, *, through_json: bool = False) -> bytes:
    """A value as bytes. `through_json`: as Airflow 3 keeps it, with keys of dicts as `str` writes them.

    Raises TypeError, naming the place in the value, for what the codec does not know.
    """
    data = to_bytes(encode(value, through_json=through_json))
    if through_json and (place := data.find(UNREADABLE)) >= 0:
        # Airflow reads a value as a whole, or not at all.
        return data[place : data.index(b"}", place) + 1]
    return data


def loads(data: bytes) -> object:
    """The value of `dumps`; ValueError for anything else."""
    return decode(from_bytes(data))


def to_bytes(tree: Json) -> bytes:
    """An encoded value as bytes, ASCII only."""
    return json.dumps(tree, separators=(",", ":"), allow_nan=False).encode("ascii")


def from_bytes(data: bytes) -> Json:
    """An encoded value from bytes; ValueError where they are no JSON."""
    return cast("Json", json.loads(data))


def encode(value: object, *, through_json: bool = False) -> Json:
    """A value as JSON. Raises TypeError, naming the place in the value, for what the codec does not know."""
    try:
        return _encode(value, 0, through_json)
    except _Refused as error:
        raise TypeError(f"value{''.join(error.place)} {error}") from None


def decode(tree: Json) -> object:
    """The value of `encode`; ValueError for an unknown tag."""
    if isinstance(tree, list):
        return [decode(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if "$type" in tree:
        return _decode_tagged(tree)
    return {key: decode(item) for key, item in tree.items()}


class _Refused(TypeError):
    """A part of a value cannot be stored; `place` grows from the inside out as the error leaves each container."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.place: list[str] = []

    def within(self, step: str) -> _Refused:
        if len(self.place) < _SHOWN_STEPS:
            self.place.insert(0, step)
        return self


def _encode(value: object, depth: int, through_json: bool) -> Json:
    if _is_plain(value):
        return cast("Json", value)
    if not isinstance(value, (dict, list, tuple, set, frozenset)):
        try:
            return _encode_scalar(value, through_json)
        except TypeError as error:
            raise _Refused(str(error)) from None
    if depth >= _MAX_DEPTH:
        raise _Refused(f"is nested more than {_MAX_DEPTH} deep, or contains itself")
    if isinstance(value, dict):
        return _encode_dict(cast("dict[object, object]", value), depth, through_json)
    tree: list[Json] = []
    for item in cast("list[object]", value):
        try:
            tree.append(_encode(item, depth + 1, through_json))
        except _Refused as error:
            raise error.within(f"[{len(tree)}]") from None
    if isinstance(value, list):
        return tree
    if isinstance(value, tuple):
        return {"$type": "tuple", "$value": tree}
    # A set has no order of its own: the same set is always the same bytes.
    return {"$type": "frozenset" if isinstance(value, frozenset) else "set", "$value": sorted(tree, key=to_bytes)}


def _encode_scalar(value: object, through_json: bool) -> Json:
    if through_json:
        from handler.codec_airflow import encode_airflow

        return encode_airflow(value)
    from handler.codec_scalars import encode_scalar

    return encode_scalar(value)


def _encode_dict(value: dict[object, object], depth: int, through_json: bool) -> Json:
    items: list[tuple[object, Json]] = []
    for key, item in value.items():
        try:
            items.append((str(key) if through_json else key, _encode(item, depth + 1, through_json)))
        except _Refused as error:
            raise error.within(f"[{_shown(key)}]") from None
    if all(type(key) is str and key != "$type" for key, _ in items):
        return cast("JsonObject", dict(items))
    pairs: list[Json] = []
    for key, item in dict(items).items():
        try:
            pairs.append([_encode(key, depth + 1, through_json), item])
        except _Refused as error:
            raise error.within(f" has a key {_shown(key)} that") from None
    return {"$type": "dict", "$value": pairs}


def _shown(key: object) -> str:
    try:
        return repr(key)[:40]
    except Exception:
        return "?"


def _is_plain(value: object) -> bool:
    if isinstance(value, float):
        return type(value) is float and -_INFINITY < value < _INFINITY
    if isinstance(value, int):
        return type(value) is bool or (type(value) is int and value.bit_length() <= _MAX_PLAIN_BITS)
    return value is None or type(value) is str


def _decode_tagged(tree: JsonObject) -> object:
    name, inner = tree["$type"], tree.get("$value")
    if not isinstance(name, str) or len(tree) != 2 or "$value" not in tree:
        raise ValueError('not a tagged value, which is {"$type": name, "$value": ...} and nothing else')
    try:
        match name, inner:
            case "tuple", list():
                return tuple(map(decode, inner))
            case "set", list():
                return set(map(decode, inner))
            case "frozenset", list():
                return frozenset(map(decode, inner))
            case "dict", list():
                return dict(cast("list[tuple[object, object]]", list(map(decode, inner))))
            case _:
                from handler.codec_scalars import decode_scalar

                return decode_scalar(name, inner)
    except (TypeError, ValueError, LookupError, ArithmeticError) as error:
        raise ValueError(f"not a value of the tag {name!r}: {error}") from error
