"""Two values of the source engine and one of the machine, compared part by part.

    {"n": 1, "at": 17:03}   {"n": 1, "at": 17:04}   {"n": 2, "at": 18:00}      differs at .n; unstable at .at

What the engine's own two runs agree upon has to be the machine's too; where they do not, the types have to be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple, cast


class Differs(NamedTuple):
    """A part that the machine has otherwise, at a place such as `.rows[3].name` ("": the whole value)."""

    place: str
    source: object
    machine: object


class Varies(NamedTuple):
    """A part that the engine's own two runs have otherwise."""

    place: str


def parts(first: object, second: object, machine: object, place: str = "") -> Iterator[Differs | Varies]:
    """Every part worth a line; nothing where all is equal."""
    if _text(first) == _text(second):
        yield from differing(first, machine, place)
        return
    steps = _shared(first, second)
    if steps is not None:
        if steps != _shared(first, machine):
            yield Differs(place, first, machine)
            return
        for step in steps:
            yield from parts(_at(first, step), _at(second, step), _at(machine, step), place + _named(step))
        return
    yield Varies(place)
    if _type(first) != _type(machine):
        yield Differs(place, _type(first), _type(machine))


def differing(source: object, machine: object, place: str = "") -> Iterator[Differs]:
    """The innermost parts that differ."""
    if _text(source) == _text(machine):
        return
    steps = _shared(source, machine)
    if steps is None:
        yield Differs(place, source, machine)
        return
    for step in steps:
        yield from differing(_at(source, step), _at(machine, step), place + _named(step))


def _shared(first: object, second: object) -> list[str | int] | None:
    """The steps into two containers of one shape; None for any others. A tagged value of the codec is a whole."""
    if isinstance(first, dict) and isinstance(second, dict) and "$type" not in first:
        keys = list(cast("dict[str, object]", first))
        return [*keys] if set(keys) == set(cast("dict[str, object]", second)) else None
    if isinstance(first, list) and isinstance(second, list):
        length = len(cast("list[object]", first))
        return [*range(length)] if length == len(cast("list[object]", second)) else None
    return None


def _at(value: object, step: str | int) -> object:
    return cast("dict[str | int, object]", value)[step]


def _named(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if step.isidentifier() else f"[{json.dumps(step)}]"


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _type(value: object) -> str:
    match value:
        case {"$type": str(name)}:
            return name
        case _:
            return type(value).__name__
