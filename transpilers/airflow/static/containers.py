"""Iterating and subscripting."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from transpilers.airflow.static.classes import as_tuple, find
from transpilers.airflow.static.graph.nodes import Dag, Group, MappedArgument, XCom
from transpilers.airflow.static.iterators import drained, items_of
from transpilers.airflow.static.library.catalogue import TRIGGER_RULES
from transpilers.airflow.static.library.packages import makes_nothing
from transpilers.airflow.static.machine import ITEMS, Lost, Machine
from transpilers.airflow.static.values import (
    Bound,
    Class,
    Defaulting,
    Function,
    Globals,
    Instance,
    Lazy,
    Object,
    Raised,
    Ref,
    Unknown,
    Value,
    View,
    may_hold,
)


def turns(m: Machine, value: Value, node: ast.AST) -> Iterator[Value] | Unknown:
    """The items of a value one by one, as they are by then; raises Lost where nobody knows what comes next."""
    match value:
        case Lazy():
            return items_of(m, value, node)
        case list() | dict() if not m.blurred(value):
            iterate(m, value, node)
            return _of_list(m, value) if isinstance(value, list) else _of_dict(value, list(value))
        case View(source=source) if not m.blurred(source):
            return _of_dict(source, value.seen())
        case Instance() if (own := _own_items(m, value, node)) is not None:
            return turns(m, own, node)
        case _:
            items = iterate(m, value, node)
            return items if isinstance(items, Unknown) else iter(items)


def _of_list(m: Machine, value: list[Value]) -> Iterator[Value]:
    at = 0
    while at < len(value):
        yield value[at]
        if (why := m.blurred(value)) is not None:
            raise Lost(why)
        at += 1


def _of_dict(value: dict[Value, Value], items: list[Value]) -> Iterator[Value]:
    size = len(value)
    for item in items:
        yield item
        if len(value) != size:
            raise Raised("RuntimeError", "dictionary changed size during iteration")


def iterate(m: Machine, value: Value, node: ast.AST) -> list[Value] | Unknown:
    """The items of a value, or why they are not known."""
    if (why := m.blurred(value)) is not None:
        return why
    match value:
        case Unknown():
            return value
        case list() | tuple() | set() | frozenset() | dict() | str():
            if len(value) > ITEMS:
                m.sized(len(value) * 50)
            m.step(len(value) // 20)
            if isinstance(value, (set, frozenset)):
                return _of_set(m, value, node)
            return list(value)
        case bytes():
            return list(value)
        case Lazy():
            return drained(m, value, node)
        case View(source=source):
            return m.blurred(source) or iterate(m, value.seen(), node)
        case Globals(scope):
            return list(scope.names)
        case Group():
            return list(_tasks(value))
        case XCom():
            raise Raised("TypeError", "'XComArg' object is not iterable")
        case Ref("airflow.sdk.TriggerRule") if m.dialect == "3":
            return list(TRIGGER_RULES)
        case Instance() if (items := as_tuple(value)) is not None:
            return list(items)
        case Instance() if (own := _own_items(m, value, node)) is not None:
            return iterate(m, own, node)
        case Class() if value.sort == "enum":
            return list({id(item): item for item in value.names.values() if isinstance(item, Instance)}.values())
        case Ref() | Object() | Instance() | Class() | MappedArgument() | PurePosixPath() | Dag():
            return m.unknown(f"the items of {described(value)}", node)
        case _:
            raise Raised("TypeError", f"{described(value)} is not iterable")


def _own_items(m: Machine, value: Instance, node: ast.AST) -> Value:
    """What a class of the file gives for `iter()`; None where it is an iterator itself, or gives nothing known."""
    method, _ = find(value.cls, "__iter__")
    given = m.apply(Bound(method, value), [], node) if isinstance(method, Function) else None
    return None if isinstance(given, Instance) else given


def _of_set(m: Machine, value: set[Value] | frozenset[Value], node: ast.AST) -> list[Value] | Unknown:
    """The order of a set of strings differs from run to run; a set of one has one."""
    if len(value) <= 1 or all(isinstance(item, int) for item in value):
        return list(value)
    plain = all(isinstance(item, (str, int, tuple, PurePosixPath)) for item in value)
    found = m.in_some_order(list(value)) if plain else None
    return found if found is not None else m.unknown("the order of a set", node)


def _tasks(group: Group) -> list[Value]:
    found: list[Value] = []
    for child in group.children.values():
        found += _tasks(child) if isinstance(child, Group) else [child]
    return found


def described(value: Value) -> str:
    """What a value is, for a message."""
    match value:
        case Ref(name):
            return name.removeprefix("builtins.")
        case Object(name):
            return f"an object of {name}"
        case Unknown(reason):
            return reason
        case Class():
            return f"the class {value.node.name}"
        case Instance():
            return f"an object of {value.cls.node.name}"
        case Lazy(name):
            return name
        case View(sort=sort):
            return f"the {sort} of a dict"
        case _:
            return f"a value of type {type(value).__name__}"


def subscript(m: Machine, value: Value, key: Value, node: ast.AST, *, index: bool = False) -> Value:
    """`value[key]`, or, without `index`, the slice by three parts."""
    if isinstance(value, Unknown):
        return m.unknown(f"{value.reason}[...]", node, carries=value.carries, harmless=value.harmless)
    if (why := m.blurred(value)) is not None:
        return why
    if isinstance(key, Unknown):
        return m.unknown(key.reason, node)
    if not index:
        return _slice(m, value, key, node)
    match value:
        case Defaulting() if (factory := value.factory) is not None and _missing(value, key):
            m.touch(value)
            value[key] = m.apply(factory, [], node)
            return value[key]
        case dict():
            return _item(m, value, key, node)
        case list() | tuple() | str() | bytes() if isinstance(key, int):
            try:
                return value[key]
            except IndexError as error:
                raise Raised("IndexError", str(error)) from error
        case XCom() if isinstance(key, str):
            return XCom(value.task, key)
        case XCom():
            raise Raised("ValueError", "XComArg only supports str lookup")
        case Globals(scope):
            if key in scope.names:
                return scope.names[key]
            raise Raised("KeyError", repr(key))
        case Dag() if isinstance(key, str):
            if key in value.tasks:
                return value.tasks[key]
        case Group() if isinstance(key, str):
            child = value.children.get(value.child_id(key))
            if child is not None:
                return child
        case Class() if value.sort == "enum" and key in value.names:
            return value.names[key]
        case Ref(name):
            # A generic such as `list[str]` is its class; anything else stays a name.
            if name.startswith(("builtins.", "typing.", "collections.")):
                return value
            shown = f"the environment variable {key!r}" if name == "os.environ" else f"an item of {name}"
            return m.unknown(shown, node, harmless=makes_nothing(name))
        case Instance() if (items := as_tuple(value)) is not None:
            return subscript(m, items, key, node, index=True)
        case Instance():
            method = m.attribute(value, "__getitem__", node)
            return m.apply(method, [key], node) if not isinstance(method, Unknown) else method
        case _:
            pass
    return _some(m, value, node)


def _some(m: Machine, value: Value, node: ast.AST) -> Unknown:
    harmless = isinstance(value, Object) and makes_nothing(value.class_name)
    return m.unknown(f"an item of {described(value)}", node, harmless=harmless)


def _missing(value: dict[Value, Value], key: Value) -> bool:
    try:
        return key not in value
    except TypeError as error:
        raise Raised("TypeError", str(error)) from error


def _item(m: Machine, value: dict[Value, Value], key: Value, node: ast.AST) -> Value:
    try:
        return value[key]
    except KeyError as error:
        if (other := may_hold(value, key)) is not None:
            return m.unknown(f"whether {described(other)} is {key!r}", node)
        raise Raised("KeyError", repr(key) if isinstance(key, (str, int)) else "") from error
    except TypeError as error:
        raise Raised("TypeError", str(error)) from error


def _slice(m: Machine, value: Value, parts: Value, node: ast.AST) -> Value:
    bounds = parts if isinstance(parts, list) else []
    if any(isinstance(part, Unknown) for part in bounds):
        return m.unknown("the bounds of a slice", node)
    numbers = [part if isinstance(part, int) else None for part in bounds]
    if isinstance(value, (list, tuple, str, bytes)):
        try:
            return value[slice(*numbers)]
        except ValueError as error:
            raise Raised("ValueError", str(error)) from error
    return _some(m, value, node)
