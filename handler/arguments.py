"""From an event's tagged arguments to what a component is called with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple, TypeAlias

from handler.codec import decode
from handler.errors import InvalidEvent, ValueNotFound
from handler.json_types import Json, JsonObject
from handler.records import Done
from handler.store import Store
from handler.values import RETURN_VALUE, read_output


class OutputOf(NamedTuple):
    """A value another task left; `optional`: one that is not there reads as None."""

    task: str
    key: str
    optional: bool


_Form: TypeAlias = (
    tuple[Literal["value"], Json]
    | tuple[Literal["output"], OutputOf]
    | tuple[Literal["list", "tuple"], list[Json]]
    | tuple[Literal["dict"], JsonObject]
)


def referenced(arguments: Iterable[Json]) -> Iterator[str]:
    """The ids of the tasks whose values the arguments read; InvalidEvent for an argument of no known form."""
    for argument in arguments:
        match _form(argument):
            case "output", output:
                yield output.task
            case (("list" | "tuple"), items):
                yield from referenced(items)
            case "dict", items:
                yield from referenced(items.values())
            case _:
                pass


def load(argument: Json, store: Store, done: Mapping[str, Done]) -> object:
    """The value of one argument, with the done records of the tasks it reads from.

    A task that left no return value, or is not done, reads as None; any other value that is not there raises
    `ValueNotFound`. This is how Airflow resolves an XComArg (`sdk/definitions/xcom_arg.py`).
    """
    match _form(argument):
        case "value", tree:
            try:
                return decode(tree)
            except ValueError as error:
                raise InvalidEvent(f"an argument's value cannot be read: {error}") from error
        case "output", output:
            return _read(output, store, done)
        case "list", items:
            return [load(item, store, done) for item in items]
        case "tuple", items:
            return tuple(load(item, store, done) for item in items)
        case "dict", items:
            return {key: load(item, store, done) for key, item in items.items()}


def _read(output: OutputOf, store: Store, done: Mapping[str, Done]) -> object:
    record = done.get(output.task)
    if record is not None and output.key in record.values:
        return read_output(store, record, output.key)
    if output.optional or output.key == RETURN_VALUE:
        return None
    raise ValueNotFound(f"task {output.task} left no value under {output.key!r}")


def _form(argument: Json) -> _Form:
    if isinstance(argument, dict) and len(argument) == 1:
        [(form, inner)] = argument.items()
        match form, inner:
            case "value", _:
                return ("value", inner)
            case "output", {"task": str(task), **rest} if isinstance(key := rest.pop("key", RETURN_VALUE), str):
                if isinstance(optional := rest.pop("optional", False), bool) and not rest:
                    return ("output", OutputOf(task, key, optional))
            case "list", list():
                return ("list", inner)
            case "tuple", list():
                return ("tuple", inner)
            case "dict", dict():
                return ("dict", inner)
            case _:
                pass
    raise InvalidEvent(f"not an argument: {str(argument)[:200]}")
