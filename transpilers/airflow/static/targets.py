"""Assigning to names, attributes, items and their tuples."""

from __future__ import annotations

import ast

from transpilers.airflow.static.containers import iterate
from transpilers.airflow.static.graph.assigned import set_attribute
from transpilers.airflow.static.graph.nodes import Dag
from transpilers.airflow.static.machine import Machine
from transpilers.airflow.static.names import bind
from transpilers.airflow.static.values import (
    Class,
    Function,
    Globals,
    Instance,
    Module,
    Object,
    Raised,
    Ref,
    Scope,
    Unknown,
    Value,
)


def assign(m: Machine, target: ast.expr, value: Value, scope: Scope) -> None:
    """`target = value`."""
    match target:
        case ast.Name(name):
            bind(m, name, value, scope)
        case ast.Tuple(parts) | ast.List(parts):
            _unpack(m, parts, value, target, scope)
        case ast.Starred(inner):
            assign(m, inner, value, scope)
        case ast.Attribute(owner, name):
            assign_attribute(m, m.evaluate(owner, scope), name, value, target)
        case ast.Subscript(owner, key):
            sliced = isinstance(key, ast.Slice)
            index = m.unknown("a slice", key) if sliced else m.evaluate(key, scope)
            assign_item(m, m.evaluate(owner, scope), index, value, target)
        case _:
            m.doubt("an assignment that is not followed", target)


def _unpack(m: Machine, parts: list[ast.expr], value: Value, node: ast.AST, scope: Scope) -> None:
    items = iterate(m, value, node)
    if isinstance(items, Unknown):
        for part in parts:
            assign(m, part, m.unknown(items.reason, part, carries=items.carries), scope)
        return
    star = next((number for number, part in enumerate(parts) if isinstance(part, ast.Starred)), None)
    if star is None:
        if len(items) != len(parts):
            raise Raised("ValueError", f"{len(items)} values to unpack into {len(parts)}")
        for part, item in zip(parts, items, strict=True):
            assign(m, part, item, scope)
        return
    after = len(parts) - star - 1
    if len(items) < len(parts) - 1:
        raise Raised("ValueError", "not enough values to unpack")
    middle: list[Value] = items[star : len(items) - after]
    for part, item in zip(parts, [*items[:star], middle, *items[len(items) - after :]], strict=True):
        assign(m, part, item, scope)


def assign_attribute(m: Machine, owner: Value, name: str, value: Value, node: ast.AST) -> None:
    """`owner.name = value`."""
    match owner:
        case Instance():
            m.touch(owner)
            owner.attributes[name] = value
        case Function():
            m.touch(owner)
            owner.attributes[name] = value
        case Class():
            m.touch(owner.names)
            owner.names[name] = value
        case Module():
            m.touch(owner.scope.names)
            owner.scope.names[name] = value
        case Unknown() | Ref() | Object():
            _put_away(m, value, node)
        case _:
            set_attribute(m, owner, name, value, node)


def assign_item(m: Machine, owner: Value, key: Value, value: Value, node: ast.AST) -> None:
    """`owner[key] = value`."""
    match owner:
        case Globals(scope):
            if isinstance(key, str):
                m.touch(scope.names)
                scope.names[key] = value
            elif isinstance(key, Unknown):
                # Under whatever name, it is a global, which is all that Airflow asks for.
                m.touch(scope.names)
                scope.names[f"<{key.reason} {len(scope.names)}>"] = value
        case list() | dict() if isinstance(key, Unknown):
            m.blur(owner, key)
        case dict():
            m.touch(owner)
            try:
                owner[key] = value
            except TypeError as error:
                raise Raised("TypeError", str(error)) from error
        case list() if isinstance(key, int):
            m.touch(owner)
            try:
                owner[key] = value
            except IndexError as error:
                raise Raised("IndexError", str(error)) from error
        case Instance():
            method = m.attribute(owner, "__setitem__", node)
            m.apply(method, [key, value], node)
        case _:
            _put_away(m, value, node)


def _put_away(m: Machine, value: Value, node: ast.AST) -> None:
    """A DAG that is put where nobody sees may be registered there."""
    if isinstance(value, Dag) and not value.entered:
        m.doubt("where a DAG is put", node)
