"""Values of the wire to arguments of the IR, and to the store's codec."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, assert_never, cast

from core_compiler import ir
from core_compiler.ir import Argument
from transpilers.airflow.call import (
    CodeRef,
    DateTime,
    Delta,
    Dict,
    ItemRef,
    List,
    Literal,
    Mapped,
    ObjectCall,
    OutputRef,
    ParamRef,
    Set,
    Template,
    Tuple,
    Unresolved,
    Value,
    XComConcat,
    XComMap,
    XComZip,
)

NEWLINE = re.compile(r"\r\n|\r|\n")


class NotCarriedError(Exception):
    """A value that cannot be written into the machine; the message completes "<the argument> ..."."""


#: A string of a rendered field as an argument, None for one that comes out as it is.
Text = Callable[[str], Argument | None]


class References(NamedTuple):
    """How outputs of tasks are read, and by what name a function of the file is called in the machine's code."""

    output: Callable[[OutputRef], ir.Output]
    function: Callable[[CodeRef], str]


def argument(value: Value, references: References, text: Text | None = None) -> Argument:
    """As an argument of the IR. `text`: how strings that go through Jinja in Airflow come out, if they do.

    Raises NotCarriedError for anything that is neither data, nor an output, nor known to a run.
    """

    def moves(inner: Value) -> bool:
        match inner:
            case OutputRef() | ParamRef() | XComMap() | XComZip() | XComConcat() | ItemRef():
                return True
            case Literal(str() as words) | Template(words):
                return text is not None and text(words) is not None
            case List(items) | Tuple(items):
                return any(map(moves, items))
            case Set(items, frozen):
                return not frozen and any(map(moves, items))
            case Dict(items):
                return any(moves(item) for _, item in items)
            case _:
                return False

    def convert(inner: Value) -> Argument:
        if not moves(inner):
            return ir.Literal(codec(inner, rendered=text is not None))
        match inner:
            case OutputRef():
                return references.output(inner)
            case ItemRef(key):
                return ir.Item(key)
            case XComMap(source, callables):
                functions = [one for one in callables if isinstance(one, CodeRef)]
                if len(functions) < len(callables):
                    raise NotCarriedError("applies to an output what is no function")
                return ir.Apply(convert(source), tuple(map(references.function, functions)))
            case XComZip(sources, fill):
                filled = None if fill is None else ir.Literal(codec(fill))
                return ir.Zip(tuple(map(convert, sources)), filled)
            case XComConcat(sources):
                return ir.Concat(tuple(map(convert, sources)))
            case ParamRef(name, default):
                return ir.Parameter(name) if default is None else ir.Parameter(name, codec(default))
            case Literal(str() as words) | Template(words):
                found = text(words) if text is not None else None
                assert found is not None
                return found
            case List(items):
                return ir.ListOf(tuple(map(convert, items)))
            case Tuple(items):
                return ir.TupleOf(tuple(map(convert, items)))
            case Set(items):
                return ir.SetOf(tuple(map(convert, items)))
            case Dict(items):
                return ir.DictOf({_key(key): convert(item) for key, item in items})
            case _:
                raise AssertionError(inner)

    return convert(value)


def codec(value: Value, *, rendered: bool = False) -> object:
    """In the store's JSON codec; raises NotCarriedError for what is not data."""

    def convert(inner: Value) -> object:
        match inner:
            case Literal(scalar):
                return render(scalar) if rendered and isinstance(scalar, str) else scalar
            case Template(text):
                if rendered:
                    raise NotCarriedError("holds a template")
                return text
            case List(items):
                return [convert(item) for item in items]
            case Tuple(items):
                return {"$type": "tuple", "$value": [convert(item) for item in items]}
            case Set(items, frozen):
                # Airflow renders the items of a set, and does not look into a frozenset.
                if frozen:
                    return {"$type": "frozenset", "$value": [codec(item) for item in items]}
                return {"$type": "set", "$value": [convert(item) for item in items]}
            case Dict(items):
                return _dict([(codec(key), convert(item)) for key, item in items])
            case DateTime(iso, zone, fold, foreign):
                if foreign:
                    raise NotCarriedError("holds a datetime of a library's own class or time zone")
                return {"$type": "datetime", "$value": [iso, zone, fold] if zone else iso}
            case Delta(seconds, foreign):
                if foreign:
                    raise NotCarriedError("holds a duration of a library's own class")
                return {"$type": "timedelta", "$value": seconds}
            case _:
                raise NotCarriedError(_reason(inner))

    return convert(value)


def render(text: str) -> str:
    """What Jinja makes of a string without marks: newlines become one kind, and the last one goes.

    Source: `Lexer.tokeniter` of jinja2, with Airflow's settings of `keep_trailing_newline` and `newline_sequence`.
    """
    lines = NEWLINE.split(text)
    return "\n".join(lines[:-1] if lines[-1] == "" else lines)


def texts(value: Value) -> Iterator[Literal | Template]:
    """Every string in a value that Airflow would render: keys of dicts and items of frozensets are not."""
    match value:
        case Template():
            yield value
        case Literal(inner) if isinstance(inner, str):
            yield value
        case List(items) | Tuple(items):
            for item in items:
                yield from texts(item)
        case Set(items, frozen) if not frozen:
            for item in items:
                yield from texts(item)
        case Dict(items):
            for _, item in items:
                yield from texts(item)
        case _:
            return


def named(value: Value) -> dict[str, Value] | None:
    """A dict whose keys are all strings; None for any other value."""
    if not isinstance(value, Dict):
        return None
    pairs = [(key.value if isinstance(key, Literal) else None, item) for key, item in value.items]
    if not all(isinstance(key, str) for key, _ in pairs):
        return None
    return cast("dict[str, Value]", dict(pairs))


def _key(key: Value) -> str:
    match key:
        case Literal(str() as text) | Template(text):
            return text
        case _:
            raise NotCarriedError("holds what only a run knows in a dict whose keys are not all strings")


def _dict(pairs: list[tuple[object, object]]) -> object:
    plain = {key: item for key, item in pairs if isinstance(key, str)}
    if len(plain) < len(pairs) or "$type" in plain:
        return {"$type": "dict", "$value": [list(pair) for pair in pairs]}
    return plain


def _reason(
    value: CodeRef | OutputRef | XComMap | XComZip | XComConcat | Mapped | ItemRef | ParamRef | ObjectCall | Unresolved,
) -> str:
    match value:
        case CodeRef(qualname=name):
            return f"holds the function {name!r}"
        case OutputRef():
            return "holds the output of a task"
        case XComMap():
            return "applies .map() to the output of a task"
        case XComZip():
            return "applies .zip() to outputs of tasks"
        case XComConcat():
            return "applies .concat() to outputs of tasks"
        case Mapped():
            return "is mapped over values"
        case ItemRef(key):
            return f"holds the item {key!r} of a mapped group"
        case ParamRef(name):
            return f"reads the DAG's param {name!r}, known only to a run"
        case ObjectCall(class_name):
            return f"holds an object of the class {class_name}"
        case Unresolved(reason):
            return f"is not known: {reason}"
        case _:
            assert_never(value)
