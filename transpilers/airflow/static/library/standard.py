"""The standard library's functions that DAG files use on known values."""

from __future__ import annotations

import ast
import copy
import html
import json
import os
import re
import shlex
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from transpilers.airflow.static.classes import fields_of, replaced
from transpilers.airflow.static.containers import iterate
from transpilers.airflow.static.graph.nodes import Dag, Group, Task
from transpilers.airflow.static.library.iteration import call_iterator
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.opaque import carries_outputs, opaque
from transpilers.airflow.static.texts import representation
from transpilers.airflow.static.values import (
    NO_ROOM,
    Class,
    Context,
    Defaulting,
    Function,
    Generator,
    Instance,
    Names,
    Native,
    Object,
    Partial,
    Raised,
    Ref,
    Unknown,
    Value,
)

MUTABLE = (list, dict, set)
#: Repetitions in a pattern: two could take a time of their own.
REPEATS = re.compile(r"[*+?{]")


def call_standard(m: Machine, name: str, arguments: Arguments) -> Value:
    """The value of a call, NO_ROOM where there is no room for the name."""
    room = ROOMS.get(name)
    if room is not None:
        return room(m, arguments)
    if name.startswith(("os.environ.", "os.getenv", "os.environ")):
        key = arguments.args[0] if arguments.args else None
        shown = f"the environment variable {key!r}" if isinstance(key, str) else "the environment"
        return m.unknown(shown, arguments.node, harmless=True)
    if name.startswith("itertools."):
        return call_iterator(m, name.removeprefix("itertools."), arguments)
    if name.startswith("re."):
        return _regular(m, name.rpartition(".")[2], arguments)
    return NO_ROOM


def _partial(m: Machine, arguments: Arguments) -> Value:
    if arguments.rest is not None or not arguments.args:
        return m.unknown("functools.partial()", arguments.node)
    return Partial(arguments.args[0], tuple(arguments.args[1:]), dict(arguments.kwargs))


def _reduce(m: Machine, arguments: Arguments) -> Value:
    if not 2 <= len(arguments.args) <= 3:
        raise Raised("TypeError", "reduce() takes two or three arguments")
    function, source, *start = arguments.args
    items = iterate(m, source, arguments.node)
    if isinstance(items, Unknown):
        return items
    items = [*start, *items]
    if not items:
        return m.unknown("functools.reduce()", arguments.node)
    value = items[0]
    for item in items[1:]:
        value = m.apply(function, [value, item], arguments.node)
    return value


def _operator(how: str) -> Callable[[Machine, Arguments], Value]:
    def room(m: Machine, arguments: Arguments) -> Value:
        from transpilers.airflow.static.arithmetic import binary

        if len(arguments.args) != 2:
            raise Raised("TypeError", f"{how}() takes two arguments")
        left, right = arguments.args
        return binary(m, ast.RShift() if how == "rshift" else ast.LShift(), left, right, arguments.node)

    return room


def _cached(_m: Machine, arguments: Arguments) -> Value:
    """A decorator, or what one with arguments gives, that leaves the function as it is."""
    first = arguments.args[0] if arguments.args else None
    if isinstance(first, Function):
        return first
    return Native("functools.cache", lambda args, _kwargs, _node: args[0] if args else None)


def _wraps(m: Machine, arguments: Arguments) -> Value:
    """A function that goes by another's name, and is taken for it where that is asked for."""
    wrapped = arguments.args[0] if arguments.args else None

    def wrap(args: list[Value], _kwargs: dict[str, Value], node: ast.AST) -> Value:
        inner = args[0] if args else None
        if not isinstance(inner, Function):
            return inner
        names = Names(inner.attributes)
        names["__wrapped__"] = wrapped
        names["__name__"] = wrapped.name if isinstance(wrapped, Function) else m.unknown("a name", node)
        return replace(inner, attributes=names)

    return Native("functools.wraps", wrap)


def _context_manager(m: Machine, arguments: Arguments) -> Value:
    function = arguments.args[0] if arguments.args else None
    if not isinstance(function, Function):
        return opaque(m, "contextlib.contextmanager", arguments, suspect=True)

    def call(args: list[Value], kwargs: dict[str, Value], node: ast.AST) -> Value:
        made = m.call(function, Arguments(args, kwargs, node))
        return Context(made) if isinstance(made, Generator) else m.unknown("a context", node)

    return Native("contextlib.contextmanager", call)


def _copy(m: Machine, arguments: Arguments) -> Value:
    value = arguments.args[0] if arguments.args else None
    why = m.blurred(value)
    if why is not None:
        return why
    return copy.copy(value) if isinstance(value, MUTABLE) else _same(m, value, arguments)


def _deepcopy(m: Machine, arguments: Arguments) -> Value:
    value = arguments.args[0] if arguments.args else None
    return _deep(m, value, arguments, 12)


def _deep(m: Machine, value: Value, arguments: Arguments, depth: int) -> Value:
    m.step()
    why = m.blurred(value)
    if why is not None or depth == 0:
        return why or m.unknown("copy.deepcopy()", arguments.node)
    match value:
        case list():
            return [_deep(m, item, arguments, depth - 1) for item in value]
        case tuple():
            return tuple(_deep(m, item, arguments, depth - 1) for item in value)
        case dict() if not isinstance(value, Defaulting):
            return {key: _deep(m, item, arguments, depth - 1) for key, item in value.items()}
        case set():
            return set(value)
        case dict():
            return m.unknown("copy.deepcopy()", arguments.node)
        case Instance():
            return Instance(
                value.cls,
                Names({key: _deep(m, item, arguments, depth - 1) for key, item in value.attributes.items()}),
            )
        case _:
            return _same(m, value, arguments)


def _same(m: Machine, value: Value, arguments: Arguments) -> Value:
    if isinstance(value, (Dag, Task, Group)):
        m.doubt("a copy of a part of a graph", arguments.node)
    return value


def _dumps(m: Machine, arguments: Arguments) -> Value:
    value = arguments.args[0] if arguments.args else None
    if arguments.kwargs.keys() - {"indent", "sort_keys", "separators", "ensure_ascii"}:
        return opaque(m, "json.dumps", arguments, reads=True)
    shown = representation(m, value, arguments.node)
    given = [shown, *arguments.kwargs.values()]
    unknown = next((each for each in given if isinstance(each, Unknown)), None)
    if unknown is not None:
        found = opaque(m, "json.dumps", arguments, reads=True)
        return m.unknown(unknown.reason, arguments.node, carries=found.carries)
    try:
        options: dict[str, Any] = dict(arguments.kwargs)
        return json.dumps(value, **options)
    except (TypeError, ValueError, RecursionError):
        return m.unknown("json.dumps()", arguments.node)


def _regular(m: Machine, name: str, arguments: Arguments) -> Value:
    """`re.sub` and `re.split` of patterns with one repetition at most, over short texts."""
    texts = [each for each in arguments.args if isinstance(each, str)]
    if name not in ("sub", "split") or len(texts) != len(arguments.args) or arguments.kwargs:
        unknown = next((each for each in arguments.args if isinstance(each, Unknown)), None)
        return m.unknown(unknown.reason if unknown is not None else f"re.{name}()", arguments.node)
    if len(REPEATS.findall(texts[0])) > 1 or any(len(text) > 1000 for text in texts):
        return m.unknown(f"re.{name}() of such a pattern", arguments.node)
    try:
        if name == "sub" and len(texts) == 3:
            return re.sub(texts[0], texts[1], texts[2])
        parts: list[str | None] = re.split(texts[0], texts[-1])
    except (re.error, IndexError, RecursionError, OverflowError):
        return m.unknown(f"re.{name}()", arguments.node)
    return list(parts)


def _default_dict(m: Machine, arguments: Arguments) -> Value:
    factory, *rest = arguments.args or [None]
    made = m.call(Ref("builtins.dict"), Arguments(rest, arguments.kwargs, arguments.node, arguments.rest))
    if isinstance(factory, Unknown) or not isinstance(made, dict) or m.blurred(made):
        lost: dict[Value, Value] = {}
        m.blur(lost, m.unknown("a collections.defaultdict", arguments.node))
        return lost
    found = Defaulting(made)
    found.factory = factory
    return found


def _ordered(m: Machine, arguments: Arguments) -> Value:
    return m.call(Ref("builtins.dict"), arguments)


def _dataclass(_m: Machine, arguments: Arguments) -> Value:
    if arguments.args and not isinstance(arguments.args[0], Function):
        return arguments.args[0]
    return Object("dataclasses.dataclass", (), dict(arguments.kwargs))


def _replace(m: Machine, arguments: Arguments) -> Value:
    made = arguments.args[0] if arguments.args else None
    if not isinstance(made, Instance) or fields_of(made) is None:
        return opaque(m, "dataclasses.replace", arguments, reads=True)
    return replaced(m, made, Arguments([], arguments.kwargs, arguments.node, arguments.rest))


def _as_dict(m: Machine, arguments: Arguments) -> Value:
    made = arguments.args[0] if arguments.args else None
    if not isinstance(made, Instance) or len(arguments.args) > 1 or arguments.kwargs or fields_of(made) is None:
        return opaque(m, "dataclasses.asdict", arguments, reads=True)
    return _plain(m, made, arguments, 12)


def _plain(m: Machine, value: Value, arguments: Arguments, depth: int) -> Value:
    m.step()
    if (why := m.blurred(value)) is not None or depth == 0:
        return why or m.unknown("dataclasses.asdict()", arguments.node)
    match value:
        case Instance() if value.cls.sort == "dataclass":
            fields = fields_of(value) or {}
            return {name: _plain(m, item, arguments, depth - 1) for name, item in fields.items()}
        case list():
            return [_plain(m, item, arguments, depth - 1) for item in value]
        case tuple():
            return tuple(_plain(m, item, arguments, depth - 1) for item in value)
        case dict():
            return {key: _plain(m, item, arguments, depth - 1) for key, item in value.items()}
        case _:
            return _deep(m, value, arguments, depth)


def _search_path(m: Machine, arguments: Arguments) -> Value:
    """`sys.path.append(folder)`, `sys.path.insert(0, folder)`: modules are looked for there too."""
    folder = arguments.args[-1] if arguments.args else None
    if isinstance(folder, (str, PurePosixPath)):
        m.search.append(os.path.normpath(str(folder)))
    return None


def _namedtuple(m: Machine, arguments: Arguments) -> Value:
    """A class with those fields, as `typing.NamedTuple` would make it."""
    name, fields = [*arguments.args, None, None][:2]
    names = fields.replace(",", " ").split() if isinstance(fields, str) else fields
    if not isinstance(name, str) or not isinstance(names, list) or not name.isidentifier() or arguments.kwargs:
        return m.unknown("collections.namedtuple()", arguments.node)
    lines = [f"    {each}: object" for each in names if isinstance(each, str) and each.isidentifier()]
    if len(lines) != len(names):
        return m.unknown("collections.namedtuple()", arguments.node)
    [node] = ast.parse("\n".join((f"class {name}:", *lines))).body
    assert isinstance(node, ast.ClassDef)
    return Class(node, (Ref("typing.NamedTuple"),), Names(), m.current, name)


def _text(name: str) -> Callable[[Machine, Arguments], Value]:
    """A function of known strings alone."""

    def room(m: Machine, arguments: Arguments) -> Value:
        given = [*arguments.args, *arguments.kwargs.values()]
        unknown = next((each for each in given if isinstance(each, Unknown)), arguments.rest)
        if unknown is not None or not all(isinstance(each, str) for each in given):
            carries = any(carries_outputs(each) for each in given)
            reason = unknown.reason if unknown is not None else f"{name}()"
            return m.unknown(reason, arguments.node, carries=carries, harmless=True)
        m.sized(sum(len(each) for each in given if isinstance(each, str)) * 4)
        module, _, function = name.rpartition(".")
        how: Callable[..., Any] = getattr(TEXTS[module], function)
        try:
            found: Value = how(*arguments.args, **arguments.kwargs)
        except (TypeError, ValueError) as error:
            raise Raised(type(error).__name__, str(error)) from error
        return found

    return room


def _cast(_m: Machine, arguments: Arguments) -> Value:
    return arguments.args[1] if len(arguments.args) > 1 else arguments.kwargs.get("val")


def _logger(m: Machine, arguments: Arguments) -> Value:
    return Unknown("a logger", m.span(arguments.node), harmless=True)


TEXTS = {"textwrap": textwrap, "shlex": shlex, "html": html}
ROOMS: dict[str, Callable[[Machine, Arguments], Value]] = {
    "functools.partial": _partial,
    "functools.reduce": _reduce,
    "functools.wraps": _wraps,
    "functools.lru_cache": _cached,
    "functools.cache": _cached,
    "operator.rshift": _operator("rshift"),
    "operator.lshift": _operator("lshift"),
    "contextlib.contextmanager": _context_manager,
    "copy.copy": _copy,
    "copy.deepcopy": _deepcopy,
    "json.dumps": _dumps,
    "collections.defaultdict": _default_dict,
    "collections.OrderedDict": _ordered,
    "dataclasses.dataclass": _dataclass,
    "dataclasses.asdict": _as_dict,
    "dataclasses.replace": _replace,
    "enum.auto": lambda _m, _arguments: Object("enum.auto"),
    "sys.path.append": _search_path,
    "sys.path.insert": _search_path,
    "logging.getLogger": _logger,
    "collections.namedtuple": _namedtuple,
    "typing.cast": _cast,
    **{name: _text(name) for name in ("textwrap.dedent", "textwrap.indent", "shlex.quote", "html.escape")},
}
