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
    A mapped task reads as the sequence of the values of its items. `listed`: as Airflow pulls those of a mapped group's
    task, as a list, or as the one value where there is one, or as none.
    """

    task: str
    key: str = RETURN_VALUE
    optional: bool = False
    listed: bool = False


class Item(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="item"):
    """What the present item of a mapped task holds under `name`; "" is the whole item."""

    name: str = ""


class Apply(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="apply"):
    """A sequence, each item of which went through these callables (`module:qualified.name`) in turn.

    A callable is called when an item is looked at, by whoever does; what it raises is that task's.
    """

    source: Argument
    callables: tuple[str, ...]


class Zip(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="zip"):
    """The n-th items of several sequences as tuples: as many as the shortest has, or with `fill` as the longest."""

    sources: tuple[Argument, ...]
    fill: Literal | None = None


class Concat(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="concat"):
    """Several sequences one after the other."""

    sources: tuple[Argument, ...]


class ListOf(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="list"):
    """A list, some of whose items are known only at run time."""

    items: tuple[Argument, ...]


class SetOf(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="set"):
    """A set, some of whose items are known only at run time."""

    items: tuple[Argument, ...]


class TupleOf(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="tuple"):
    """A tuple, some of whose items are known only at run time."""

    items: tuple[Argument, ...]


class DictOf(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="dict"):
    """A dict with string keys, some of whose values are known only at run time."""

    items: dict[str, Argument]


class Template(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="template"):
    """A text with Jinja marks, rendered when the task runs; `file` names a file of templates that holds it instead.

    `native`: into the value that it spells, rather than into a text.
    """

    text: str = ""
    file: str = ""
    native: bool = False


class Parameter(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="parameter"):
    """What the run was given under `name`, else `default` (in the store's codec) if there is one, else the param's."""

    name: str
    default: object | msgspec.UnsetType = msgspec.UNSET


Argument = Literal | Output | Item | Apply | Zip | Concat | ListOf | SetOf | TupleOf | DictOf | Template | Parameter


def outputs(argument: Argument) -> Iterator[Output]:
    """Every output of another task that an argument reads, in order."""
    match argument:
        case Literal() | Template() | Parameter() | Item():
            return
        case Output():
            yield argument
        case Apply(source):
            yield from outputs(source)
        case ListOf(items) | SetOf(items) | TupleOf(items) | Zip(items) | Concat(items):
            for item in items:
                yield from outputs(item)
        case DictOf(items):
            for item in items.values():
                yield from outputs(item)


def read_tasks(arguments: Iterable[Argument]) -> Iterator[str]:
    """The ids of the tasks whose outputs are read, in order, one that is read twice named twice."""
    for argument in arguments:
        match argument:
            case Literal() | Template() | Parameter() | Item():
                pass
            case Output(task):
                yield task
            case _:
                yield from (output.task for output in outputs(argument))


def rendered(argument: Argument) -> bool:
    """Whether anything in an argument is known only from the run's context."""
    match argument:
        case Template() | Parameter():
            return True
        case Literal() | Output() | Item():
            return False
        case Apply(source):
            return rendered(source)
        case ListOf(items) | SetOf(items) | TupleOf(items) | Zip(items) | Concat(items):
            return any(map(rendered, items))
        case DictOf(items):
            return any(map(rendered, items.values()))
