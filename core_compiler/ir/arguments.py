"""What a task is called with: known values, outputs of other tasks, and containers of both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

RETURN_VALUE = "return_value"


class Literal(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="literal"):
    """A value known at compile time, in the store's JSON codec.

    What JSON has no word for is an object with the one key `$type` and its `$value`, as the handler's codec
    writes it: `{"$type": "timedelta", "$value": 3.5}`.
    """

    value: object


class Output(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="output"):
    """A value another task leaves behind: the whole return value, or what it stored under `key`.

    `optional`: a key that is not there reads as None instead of failing the reader; a return value always does.
    """

    task: str
    key: str = RETURN_VALUE
    optional: bool = False


class ListOf(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="list"):
    """A list, some of whose items are known only at run time."""

    items: tuple[Argument, ...]


class TupleOf(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="tuple"):
    """A tuple, some of whose items are known only at run time."""

    items: tuple[Argument, ...]


class DictOf(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="dict"):
    """A dict with string keys, some of whose values are known only at run time."""

    items: dict[str, Argument]


Argument = Literal | Output | ListOf | TupleOf | DictOf


def outputs(argument: Argument) -> Iterator[Output]:
    """Every output of another task that an argument reads, in order."""
    match argument:
        case Literal():
            return
        case Output():
            yield argument
        case ListOf(items) | TupleOf(items):
            for item in items:
                yield from outputs(item)
        case DictOf(items):
            for item in items.values():
                yield from outputs(item)


def read_tasks(arguments: Iterable[Argument]) -> Iterator[str]:
    """The ids of the tasks whose outputs are read, in order, one that is read twice named twice."""
    for argument in arguments:
        match argument:
            case Literal():
                pass
            case Output(task):
                yield task
            case _:
                yield from (output.task for output in outputs(argument))
