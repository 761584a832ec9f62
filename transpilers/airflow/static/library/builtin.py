"""Python's builtin functions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Any

from transpilers.airflow.static.arithmetic import truth
from transpilers.airflow.static.containers import described, iterate, turns
from transpilers.airflow.static.library.files import call_files
from transpilers.airflow.static.library.iteration import call_iterator, call_next
from transpilers.airflow.static.library.reflection import REFLECTION, TYPES
from transpilers.airflow.static.machine import ITEMS, Arguments, Lost, Machine
from transpilers.airflow.static.opaque import opaque
from transpilers.airflow.static.texts import representation, text_of
from transpilers.airflow.static.values import (
    SCALARS,
    Globals,
    Method,
    Object,
    Raised,
    Unknown,
    Value,
    View,
)

PLAIN: dict[str, Callable[..., Any]] = {
    "int": int,
    "float": float,
    "abs": abs,
    "round": round,
    "divmod": divmod,
    "chr": chr,
    "ord": ord,
    "hex": hex,
    "bin": bin,
    "oct": oct,
    "bytes": bytes,
    "complex": complex,
}
#: Functions to which the order of what they are given is the same.
UNORDERED = frozenset({"frozenset", "max", "min", "set", "sorted", "sum"})
#: Positional arguments, at least and at most.
ARITY = {
    "all": (1, 1),
    "any": (1, 1),
    "callable": (1, 1),
    "enumerate": (1, 2),
    "filter": (2, 2),
    "getattr": (2, 3),
    "hasattr": (2, 2),
    "isinstance": (2, 2),
    "len": (1, 1),
    "map": (2, 99),
    "max": (1, 99),
    "min": (1, 99),
    "next": (1, 2),
    "range": (1, 3),
    "repr": (1, 1),
    "reversed": (1, 1),
    "setattr": (3, 3),
    "sorted": (1, 1),
    "sum": (1, 2),
    "type": (1, 3),
}


def call_builtin(m: Machine, name: str, arguments: Arguments) -> Value:
    """`name(...)`; `type.method(...)` for a name of two parts."""
    kind, _, method = name.rpartition(".")
    if kind:
        return _of_type(m, kind, method, arguments)
    room = ROOMS.get(name)
    if room is not None:
        if arguments.rest is not None:
            return arguments.rest
        least, most = ARITY.get(name, (0, 99))
        if not least <= len(arguments.args) <= most:
            raise Raised("TypeError", f"{name}() does not take {len(arguments.args)} arguments")
        return room(m, name, arguments)
    if name in PLAIN:
        return _plain(m, name, arguments)
    if name[:1].isupper():
        # An exception's class.
        return Object(f"builtins.{name}", tuple(arguments.args), dict(arguments.kwargs))
    if name == "open":
        return call_files(m, "builtins.open", arguments)
    suspect = name in ("exec", "eval", "compile", "__import__")
    if suspect:
        m.doubt(f"what {name}() does", arguments.node)
    return opaque(m, name, arguments, reads=name in ("print", "id", "hash", "repr", "format", "callable"))


def _of_type(m: Machine, kind: str, method: str, arguments: Arguments) -> Value:
    """`str.upper(text)`, `dict.fromkeys(keys)`."""
    args, kwargs, node = arguments.args, arguments.kwargs, arguments.node
    if (kind, method) == ("dict", "fromkeys") and args and arguments.rest is None:
        keys = iterate(m, args[0], node)
        unknown = next((key for key in keys if isinstance(key, Unknown)), None) if isinstance(keys, list) else keys
        if unknown is not None or isinstance(keys, Unknown):
            return unknown
        try:
            return dict.fromkeys(keys, args[1] if len(args) > 1 else None)
        except TypeError as error:
            raise Raised("TypeError", str(error)) from error
    plain = [each for each in args if isinstance(each, (str, dict)) and not m.blurred(each)]
    if (kind, method) == ("str", "maketrans") and len(plain) == len(args) and not kwargs and arguments.rest is None:
        try:
            return {**str.maketrans(*plain)}  # pyright: ignore[reportArgumentType, reportCallIssue]
        except (TypeError, ValueError) as error:
            raise Raised(type(error).__name__, str(error)) from error
    wanted = TYPES.get(kind)
    if wanted is not None and args and isinstance(args[0], wanted) and not method.startswith("__"):
        return m.call(Method(args[0], method), Arguments(args[1:], kwargs, node, arguments.rest))
    return opaque(m, f"{kind}.{method}", arguments)


def _plain(m: Machine, name: str, arguments: Arguments) -> Value:
    given = [*arguments.args, *arguments.kwargs.values()]
    unknown = next((each for each in given if isinstance(each, Unknown)), arguments.rest)
    if unknown is not None or not all(isinstance(each, (*SCALARS, list)) for each in given):
        return m.unknown(unknown.reason if unknown is not None else f"{name}()", arguments.node)
    if name == "bytes" or any(isinstance(each, (str, bytes)) and len(each) > 1000 for each in given):
        return m.unknown(f"{name}() of something large", arguments.node)
    try:
        found: Value = PLAIN[name](*arguments.args, **arguments.kwargs)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError) as error:
        raise Raised(type(error).__name__, str(error)) from error
    return found


def _first(m: Machine, name: str, arguments: Arguments) -> list[Value] | Unknown:
    if not arguments.args:
        return []
    first = arguments.args[0]
    if name in UNORDERED and isinstance(first, (set, frozenset)) and not m.blurred(first):
        return list(first)
    return iterate(m, first, arguments.node)


def _collection(m: Machine, name: str, arguments: Arguments) -> Value:
    items = _first(m, name, arguments)
    if isinstance(items, Unknown):
        return items
    if name == "list":
        return items
    if name == "tuple":
        return tuple(items)
    if any(isinstance(item, Unknown) for item in items):
        return next(item for item in items if isinstance(item, Unknown))
    try:
        return set(items) if name == "set" else frozenset(items)
    except TypeError as error:
        raise Raised("TypeError", str(error)) from error


def _dict(m: Machine, _name: str, arguments: Arguments) -> Value:
    found: dict[Value, Value] = {}
    for each in arguments.args:
        why = each if isinstance(each, Unknown) else m.blurred(each)
        if why is not None:
            m.blur(found, why)
        elif isinstance(each, dict):
            found.update(each)
        elif isinstance(each, Globals):
            found.update(each.scope.names)
        else:
            items = iterate(m, each, arguments.node)
            if isinstance(items, Unknown):
                m.blur(found, items)
                continue
            for pair in items:
                if isinstance(pair, (tuple, list)) and len(pair) == 2:
                    found[pair[0]] = pair[1]
                else:
                    m.blur(found, m.unknown("a pair of a dict", arguments.node))
    found.update(arguments.kwargs)
    return found


def _range(m: Machine, _name: str, arguments: Arguments) -> Value:
    unknown = next((each for each in arguments.args if isinstance(each, Unknown)), None)
    if unknown is not None:
        return unknown
    bounds = [each for each in arguments.args if isinstance(each, int)]
    if len(bounds) != len(arguments.args) or not bounds:
        raise Raised("TypeError", "range() takes integers")
    try:
        wanted = range(*bounds)
    except (TypeError, ValueError) as error:
        raise Raised(type(error).__name__, str(error)) from error
    try:
        size = len(wanted)
    except OverflowError:
        size = 10**9
    if size > ITEMS:
        m.sized(size * 50)
    return list(wanted)


def _sorted(m: Machine, name: str, arguments: Arguments) -> Value:
    items = _first(m, name, arguments)
    if isinstance(items, Unknown):
        return items
    key = arguments.kwargs.get("key")
    keys = [m.apply(key, [item], arguments.node) for item in items] if key is not None else items
    if not all(isinstance(each, (str, int, float, date, timedelta, PurePosixPath)) for each in keys) and not _pairs(
        keys
    ):
        return m.unknown("the order of a sorted list", arguments.node)
    order = truth(m, arguments.kwargs.get("reverse", False), arguments.node)
    if isinstance(order, Unknown):
        return order
    try:
        plain: list[Any] = list(keys)
        places = sorted(range(len(items)), key=lambda place: plain[place], reverse=order)
    except TypeError as error:
        raise Raised("TypeError", str(error)) from error
    return [items[place] for place in places]


def _pairs(keys: list[Value]) -> bool:
    """Tuples of plain parts, or such that their first parts decide."""
    rows = [each for each in keys if isinstance(each, tuple) and each]
    if len(rows) != len(keys):
        return False
    firsts = [row[0] for row in rows if isinstance(row[0], (str, int))]
    if len(firsts) == len(rows) == len(set(firsts)):
        return True
    return all(isinstance(part, (str, int)) for row in rows for part in row)


def _len(m: Machine, _name: str, arguments: Arguments) -> Value:
    value = arguments.args[0]
    why = m.blurred(value)
    if why is not None:
        return why
    if isinstance(value, View):
        return m.blurred(value.source) or len(value.source)
    if isinstance(value, (list, tuple, dict, set, frozenset, str, bytes)):
        return len(value)
    return value if isinstance(value, Unknown) else m.unknown(f"the length of {described(value)}", arguments.node)


def _extreme(m: Machine, name: str, arguments: Arguments) -> Value:
    items = _first(m, name, arguments) if len(arguments.args) == 1 else list(arguments.args)
    if isinstance(items, Unknown):
        return items
    if arguments.kwargs or not all(isinstance(each, (str, int, float, timedelta)) for each in items):
        return m.unknown(f"{name}()", arguments.node)
    plain: list[Any] = list(items)
    try:
        found: Value = sum(plain) if name == "sum" else max(plain) if name == "max" else min(plain)
    except (TypeError, ValueError) as error:
        raise Raised(type(error).__name__, str(error)) from error
    return found


def _all(m: Machine, name: str, arguments: Arguments) -> Value:
    items = turns(m, arguments.args[0], arguments.node)
    if isinstance(items, Unknown):
        return items
    decides, unknown = name == "any", None
    try:
        for item in items:
            test = truth(m, item, arguments.node)
            if test is decides:
                return decides
            unknown = unknown or (test if isinstance(test, Unknown) else None)
    except Lost as lost:
        return lost.why
    return unknown or not decides


def _bool(m: Machine, _name: str, arguments: Arguments) -> Value:
    return truth(m, arguments.args[0], arguments.node) if arguments.args else False


def _str(m: Machine, name: str, arguments: Arguments) -> Value:
    if not arguments.args:
        return ""
    value = arguments.args[0]
    return representation(m, value, arguments.node) if name == "repr" else text_of(m, value, arguments.node)


def _iterator(m: Machine, name: str, arguments: Arguments) -> Value:
    return call_next(m, arguments) if name == "next" else call_iterator(m, name, arguments)


ROOMS: dict[str, Callable[[Machine, str, Arguments], Value]] = {
    **REFLECTION,
    **dict.fromkeys(("list", "tuple", "set", "frozenset"), _collection),
    **dict.fromkeys(("iter", "next", "enumerate", "zip", "map", "filter", "reversed"), _iterator),
    "dict": _dict,
    "range": _range,
    "sorted": _sorted,
    "len": _len,
    "sum": _extreme,
    "min": _extreme,
    "max": _extreme,
    "all": _all,
    "any": _all,
    "bool": _bool,
    "str": _str,
    "repr": _str,
}
