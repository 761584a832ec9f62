"""From an event's tagged arguments to what a component is called with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, cast

from handler.codec import decode
from handler.errors import InfrastructureError, InvalidEvent, ValueNotFound
from handler.items import item_id, size
from handler.json_types import Json, JsonObject
from handler.keys import task_keys
from handler.records import Done, done_from_bytes
from handler.store import Store
from handler.values import RETURN_VALUE, read_output

if TYPE_CHECKING:
    from handler.context import Context
    from handler.sequences import LazyXComSequence


class OutputOf(NamedTuple):
    """A value another task left; `optional`: one that is not there reads as None.

    `listed`: of a mapped task the list of its items' values, or the one that there is.
    """

    task: str
    key: str
    optional: bool
    listed: bool = False


class Apply(NamedTuple):
    """A sequence, and the callables that each item goes through."""

    source: Json
    callables: list[str]


class Zip(NamedTuple):
    """Sequences side by side; `fill` is empty or one argument."""

    sources: list[Json]
    fill: list[Json]


class TemplateOf(NamedTuple):
    """A template, its text or the file that holds it; `native`: rendered into a value."""

    text: str
    file: str
    native: bool


_Form: TypeAlias = (
    tuple[Literal["value"], Json]
    | tuple[Literal["output"], OutputOf]
    | tuple[Literal["list", "set", "tuple", "concat"], list[Json]]
    | tuple[Literal["dict"], JsonObject]
    | tuple[Literal["template"], TemplateOf]
    | tuple[Literal["parameter"], JsonObject]
    | tuple[Literal["item"], str]
    | tuple[Literal["apply"], Apply]
    | tuple[Literal["zip"], Zip]
)


class Reading(NamedTuple):
    """Where values come from: the store, the run, the done records of the tasks that are read, and the present item.

    `plain_json`: as in Airflow 2.
    """

    store: Store
    run: str
    done: Mapping[str, Done]
    item: Mapping[str, object] = {}
    context: Context | None = None
    plain_json: bool = False


def referenced(arguments: Iterable[Json]) -> Iterator[str]:
    """The ids of the tasks whose values the arguments read; InvalidEvent for an argument of no known form."""
    for argument in arguments:
        match _form(argument):
            case "output", output:
                yield output.task
            case (("list" | "set" | "tuple" | "concat"), items):
                yield from referenced(items)
            case "dict", items:
                yield from referenced(items.values())
            case "apply", apply:
                yield from referenced([apply.source])
            case "zip", both:
                yield from referenced(both.sources)
            case _:
                pass


def load(argument: Json, reading: Reading) -> object:
    """The value of one argument; templates need the context.

    A task that left no return value, or is not done, reads as None; any other value that is not there raises
    `ValueNotFound`. This is how Airflow resolves an XComArg (`sdk/definitions/xcom_arg.py`). A mapped task reads as the
    sequence of the values that its items left.
    """
    match _form(argument):
        case "value", tree:
            try:
                return decode(tree)
            except ValueError as error:
                raise InvalidEvent(f"an argument's value cannot be read: {error}") from error
        case "output", output:
            return _read(output, reading)
        case "item", name:
            return reading.item[name]
        case "list", items:
            return [load(item, reading) for item in items]
        case "set", items:
            return {load(item, reading) for item in items}
        case "tuple", items:
            return tuple(load(item, reading) for item in items)
        case "dict", items:
            return {key: load(item, reading) for key, item in items.items()}
        case "template", template:
            return _asked(reading.context).render(template.text, file=template.file, native=template.native)
        case "parameter", param:
            return _parameter(_asked(reading.context), param)
        case "apply", apply:
            from handler.dispatch import resolve
            from handler.sequences import applied

            functions = [cast("Callable[[object], object]", resolve(name)) for name in apply.callables]
            return applied(load(apply.source, reading), functions)
        case "zip", both:
            from handler.sequences import zipped

            return zipped([load(one, reading) for one in both.sources], [load(one, reading) for one in both.fill])
        case "concat", items:
            from handler.sequences import concatenated

            return concatenated([load(item, reading) for item in items])


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


def is_there(argument: Json, reading: Reading) -> bool:
    """Whether an argument is known: an item that is a dict may lack a name."""
    match _form(argument):
        case "item", name:
            return name in reading.item
        case _:
            return True


def length_of(argument: Json, reading: Reading) -> int | None:
    """How many items can be mapped over; None for what cannot be, or is not there. No item is looked at."""
    match _form(argument):
        case "output", OutputOf(task, key):
            record = reading.done.get(task)
            match record and record.items is None and record.values.get(key):
                case {"length": int(length)}:
                    return length
                case _:
                    return size(load(argument, reading))
        case "apply", apply:
            return length_of(apply.source, reading)
        case "zip", both:
            lengths = [length_of(one, reading) for one in both.sources]
            known = [length for length in lengths if length is not None]
            return None if len(known) < len(lengths) else max(known) if both.fill else min(known)
        case "concat", items:
            lengths = [length_of(one, reading) for one in items]
            known = [length for length in lengths if length is not None]
            return None if len(known) < len(lengths) else sum(known)
        case (("list" | "tuple"), items):
            return len(items)
        case "dict", items:
            return len(items)
        case _:
            return size(load(argument, reading))


def _read(output: OutputOf, reading: Reading) -> object:
    record = reading.done.get(output.task)
    if record is not None and record.items is not None:
        found = _items_read(record, output.key, reading)
        if reading.plain_json and found:
            return found
        if not reading.plain_json and (not output.listed or len(found) > 1):
            return list(found) if output.listed else found
        if found:
            return found[0]
    elif record is not None and output.key in record.values:
        return read_output(reading.store, record, output.key)
    if output.optional or output.key == RETURN_VALUE:
        return None
    raise ValueNotFound(f"task {output.task} left no value under {output.key!r}")


def _items_read(record: Done, key: str, reading: Reading) -> LazyXComSequence:
    from handler.sequences import LazyXComSelectSequence, LazyXComSequence

    assert record.items is not None
    indices = record.items.indices
    if key != RETURN_VALUE:
        # Which items left it is known to their own records alone.
        every = sum(record.items.counts.values())
        indices = [index for index in range(every) if key in _of_item(record.task, index, reading).values]
    return (LazyXComSelectSequence if reading.plain_json else LazyXComSequence)(
        len(indices),
        lambda place: read_output(reading.store, _of_item(record.task, indices[place], reading), key),
    )


def _of_item(task: str, index: int, reading: Reading) -> Done:
    key = task_keys(reading.run, item_id(task, index)).done
    data = reading.store.get(key)
    if data is None:
        raise InfrastructureError(f"the store has lost the record {key}")
    return done_from_bytes(key, data)


def _form(argument: Json) -> _Form:
    if isinstance(argument, dict) and len(argument) == 1:
        [(form, inner)] = argument.items()
        match form, inner:
            case "value", _:
                return ("value", inner)
            case "output", {"task": str(task), **rest} if isinstance(key := rest.pop("key", RETURN_VALUE), str):
                optional, listed = rest.pop("optional", False), rest.pop("listed", False)
                if isinstance(optional, bool) and isinstance(listed, bool) and not rest:
                    return ("output", OutputOf(task, key, optional, listed))
            case (("list" | "set" | "tuple" | "concat"), list()):
                return (form, inner)
            case "dict", dict():
                return ("dict", inner)
            case "template", {"text": str(text), **rest} if rest.keys() <= {"file", "native"}:
                return ("template", TemplateOf(text, str(rest.get("file", "")), rest.get("native") is True))
            case "parameter", {"name": str(), **rest} if rest.keys() <= {"default"}:
                return ("parameter", inner)
            case "item", str():
                return ("item", inner)
            case "apply", {"source": source, "callables": list(names), **rest} if not rest:
                if all(isinstance(name, str) for name in names):
                    return ("apply", Apply(source, cast("list[str]", names)))
            case "zip", {"sources": list(sources), **rest}:
                fill = [rest.pop("fill")] if "fill" in rest else []
                if not rest:
                    return ("zip", Zip(sources, fill))
            case _:
                pass
    raise InvalidEvent(f"not an argument: {str(argument)[:200]}")
