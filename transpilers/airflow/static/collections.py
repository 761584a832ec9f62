"""Methods of lists, dicts and sets; what changes one that is not known leaves it unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from transpilers.airflow.static.containers import described, iterate
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.native import native
from transpilers.airflow.static.opaque import opaque
from transpilers.airflow.static.values import Lazy, Raised, Ref, Unknown, Value, View, may_hold


def list_method(m: Machine, receiver: list[Value], name: str, arguments: Arguments) -> Value:
    """A method of a list."""
    args = arguments.args
    m.touch(receiver)
    match name, args:
        case "append", [item]:
            receiver.append(item)
            m.step()
        case "extend", [items]:
            more = iterate(m, items, arguments.node)
            if isinstance(more, Unknown):
                m.blur(receiver, more)
            else:
                m.sized((len(receiver) + len(more)) * 50)
                receiver.extend(more)
        case "insert", [int() as place, item]:
            receiver.insert(place, item)
        case "pop", [] | [int()]:
            return native(m, receiver, name, arguments)
        case "clear" | "reverse", []:
            getattr(receiver, name)()
        case "copy", []:
            return list(receiver)
        case "sort", []:
            return _sort(m, receiver, arguments)
        case "index" | "count" | "remove", [item] if not isinstance(item, Unknown):
            return _find(m, receiver, name, item, arguments)
        case _:
            m.blur(receiver, opaque(m, f"list.{name}", arguments))
            return m.unknown(f"list.{name}()", arguments.node)
    return None


def _sort(m: Machine, receiver: list[Value], arguments: Arguments) -> Value:
    given = Arguments([list(receiver)], arguments.kwargs, arguments.node, arguments.rest)
    found = m.call(Ref("builtins.sorted"), given)
    if isinstance(found, list):
        receiver[:] = found
    else:
        m.blur(receiver, found if isinstance(found, Unknown) else m.unknown("a sorted list", arguments.node))
    return None


def _find(m: Machine, receiver: list[Value], name: str, item: Value, arguments: Arguments) -> Value:
    if any(isinstance(each, Unknown) for each in receiver):
        if name == "remove":
            m.blur(receiver, m.unknown("which item is removed", arguments.node))
        return m.unknown(f"list.{name}()", arguments.node)
    places = [place for place, each in enumerate(receiver) if each is item or each == item]
    if name == "count":
        return len(places)
    if not places:
        raise Raised("ValueError", "it is not in the list")
    if name == "index":
        return places[0]
    del receiver[places[0]]
    return None


def _absent(receiver: dict[Value, Value], key: Value) -> bool:
    try:
        return key not in receiver
    except TypeError:
        return False


def dict_method(m: Machine, receiver: dict[Value, Value], name: str, arguments: Arguments) -> Value:
    """A method of a dict."""
    args = arguments.args
    if name in ("get", "pop", "setdefault") and args and isinstance(args[0], Unknown):
        if name != "get":
            m.blur(receiver, args[0])
        return m.unknown(args[0].reason, arguments.node)
    if name in ("get", "pop", "setdefault") and args and _absent(receiver, args[0]):
        other = may_hold(receiver, args[0])
        if other is not None:
            why = m.unknown(f"whether {described(other)} is {args[0]!r}", arguments.node)
            if name != "get":
                m.blur(receiver, why)
            return why
    if name in ("pop", "setdefault", "update", "clear", "popitem"):
        m.touch(receiver)
    try:
        match name, args:
            case "items" | "keys" | "values", []:
                return View(receiver, name)
            case "get", [key]:
                return receiver.get(key)
            case "get", [key, default]:
                return receiver.get(key, default)
            case "copy", []:
                return dict(receiver)
            case "update", _:
                return _update(m, receiver, arguments)
            case "setdefault", [key, default]:
                return receiver.setdefault(key, default)
            case "pop", [key]:
                if key not in receiver:
                    raise Raised("KeyError", repr(key) if isinstance(key, (str, int)) else "")
                return receiver.pop(key)
            case "pop", [key, default]:
                return receiver.pop(key, default)
            case "popitem", [] if receiver:
                return receiver.popitem()
            case "clear", []:
                receiver.clear()
                return None
            case _:
                m.blur(receiver, opaque(m, f"dict.{name}", arguments))
                return m.unknown(f"dict.{name}()", arguments.node)
    except TypeError as error:
        raise Raised("TypeError", str(error)) from error


def _update(m: Machine, receiver: dict[Value, Value], arguments: Arguments) -> Value:
    for more in arguments.args:
        if isinstance(more, Lazy | View):
            more = iterate(m, more, arguments.node)
        why = more if isinstance(more, Unknown) else m.blurred(more)
        if isinstance(more, dict) and why is None:
            receiver.update(more)
        elif isinstance(more, list) and why is None and all(isinstance(p, tuple) and len(p) == 2 for p in more):
            receiver.update({pair[0]: pair[1] for pair in more if isinstance(pair, tuple)})
        else:
            m.blur(receiver, why or m.unknown("what a dict is updated with", arguments.node))
    receiver.update(arguments.kwargs)
    if arguments.rest is not None:
        m.blur(receiver, arguments.rest)
    return None


#: Methods of sets that take iterables.
TAKING = frozenset({"difference", "intersection", "issubset", "union", "update"})


def set_method(m: Machine, receiver: set[Value] | frozenset[Value], name: str, arguments: Arguments) -> Value:
    """A method of a set."""
    others = [
        iterate(m, each, arguments.node) if isinstance(each, (list, tuple, Lazy, View)) and name in TAKING else each
        for each in arguments.args
    ]
    if any(isinstance(each, Unknown) for each in others):
        if isinstance(receiver, set):
            m.blur(receiver, m.unknown(f"set.{name}()", arguments.node))
        return m.unknown(f"set.{name}()", arguments.node)
    m.touch(receiver)
    if name in (
        "add",
        "discard",
        "remove",
        "update",
        "union",
        "intersection",
        "difference",
        "copy",
        "issubset",
        "clear",
    ):
        how: Callable[..., Any] = getattr(receiver, name)
        try:
            found: Value = how(*others)
        except (TypeError, KeyError) as error:
            raise Raised(type(error).__name__, str(error)) from error
        return found
    return opaque(m, f"set.{name}", arguments)
