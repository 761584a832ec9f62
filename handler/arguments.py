"""From an event's tagged arguments to what a component is called with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from handler.codec import decode
from handler.errors import InvalidEvent, ValueNotFound
from handler.json_types import Json, JsonObject
from handler.records import Done
from handler.store import Store
from handler.values import RETURN_VALUE, read_output

if TYPE_CHECKING:
    from handler.context import Context


class OutputOf(NamedTuple):
    """A value another task left; `optional`: one that is not there reads as None."""

    task: str
    key: str
    optional: bool


class TemplateOf(NamedTuple):
    """A template, its text or the file that holds it; `native`: rendered into a value."""

    text: str
    file: str
    native: bool


_Form: TypeAlias = (
    tuple[Literal["value"], Json]
    | tuple[Literal["output"], OutputOf]
    | tuple[Literal["list", "set", "tuple"], list[Json]]
    | tuple[Literal["dict"], JsonObject]
    | tuple[Literal["template"], TemplateOf]
    | tuple[Literal["parameter"], JsonObject]
)


def referenced(arguments: Iterable[Json]) -> Iterator[str]:
    """The ids of the tasks whose values the arguments read; InvalidEvent for an argument of no known form."""
    for argument in arguments:
        match _form(argument):
            case "output", output:
                yield output.task
            case (("list" | "set" | "tuple"), items):
                yield from referenced(items)
            case "dict", items:
                yield from referenced(items.values())
            case _:
                pass


def load(argument: Json, store: Store, done: Mapping[str, Done], context: Context | None = None) -> object:
    """The value of one argument, with the done records of the tasks it reads from; templates need the context.

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
            return [load(item, store, done, context) for item in items]
        case "set", items:
            return {load(item, store, done, context) for item in items}
        case "tuple", items:
            return tuple(load(item, store, done, context) for item in items)
        case "dict", items:
            return {key: load(item, store, done, context) for key, item in items.items()}
        case "template", template:
            return _asked(context).render(template.text, file=template.file, native=template.native)
        case "parameter", param:
            return _parameter(_asked(context), param)


def _asked(context: Context | None) -> Context:
    if context is None:
        raise InvalidEvent("a template or a parameter needs the event's context")
    return context


def _parameter(context: Context, param: JsonObject) -> object:
    """As Airflow resolves a DagParam (`sdk/definitions/param.py`): what the run was given, else a default."""
    conf, name = context["dag_run"].conf, str(param["name"])
    if name in conf:
        return conf[name]
    if "default" in param:
        return decode(param["default"])
    if name in context["params"]:
        return context["params"][name]
    raise ValueNotFound(f"no value could be found for the parameter {name}")


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
            case "set", list():
                return ("set", inner)
            case "tuple", list():
                return ("tuple", inner)
            case "dict", dict():
                return ("dict", inner)
            case "template", {"text": str(text), **rest} if rest.keys() <= {"file", "native"}:
                return ("template", TemplateOf(text, str(rest.get("file", "")), rest.get("native") is True))
            case "parameter", {"name": str(), **rest} if rest.keys() <= {"default"}:
                return ("parameter", inner)
            case _:
                pass
    raise InvalidEvent(f"not an argument: {str(argument)[:200]}")
