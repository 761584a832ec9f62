"""Operators on values: Python's own on plain data, edges on nodes of a graph, and doubt on the rest."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from transpilers.airflow.static.classes import find
from transpilers.airflow.static.containers import described
from transpilers.airflow.static.graph.assets import is_asset, joined_assets
from transpilers.airflow.static.graph.edges import connect, is_node
from transpilers.airflow.static.graph.nodes import Dag
from transpilers.airflow.static.iterators import lose
from transpilers.airflow.static.machine import Machine
from transpilers.airflow.static.texts import percent
from transpilers.airflow.static.values import (
    SCALARS,
    Bound,
    Class,
    Function,
    Instance,
    Lazy,
    Module,
    Object,
    Raised,
    Ref,
    Unknown,
    Value,
    View,
    Zone,
    may_hold,
)

#: Over any two operands; Python decides which have a meaning.
BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
    ast.FloorDiv: lambda left, right: left // right,
    ast.Mod: lambda left, right: left % right,
    ast.Pow: lambda left, right: left**right,
    ast.BitOr: lambda left, right: left | right,
    ast.BitAnd: lambda left, right: left & right,
    ast.BitXor: lambda left, right: left ^ right,
    ast.LShift: lambda left, right: left << right,
    ast.RShift: lambda left, right: left >> right,
}
UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}
ORDER: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
PLAIN = (*SCALARS, list, tuple, dict, set, frozenset, PurePosixPath)
BITS = 4096
SETS = (ast.BitAnd, ast.BitOr, ast.BitXor, ast.Sub)
METHODS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.FloorDiv: "floordiv",
    ast.LShift: "lshift",
    ast.Mod: "mod",
    ast.Mult: "mul",
    ast.RShift: "rshift",
    ast.Sub: "sub",
    ast.Div: "truediv",
}


def binary(m: Machine, op: ast.operator, left: Value, right: Value, node: ast.AST) -> Value:
    """`left op right`."""
    left = left.as_set() if isinstance(left, View) and isinstance(op, SETS) else left
    right = right.as_set() if isinstance(right, View) and isinstance(op, SETS) else right
    shift = isinstance(op, (ast.RShift, ast.LShift))
    if shift and isinstance(left, Instance) and find(left.cls, f"__{METHODS[type(op)]}__")[0] is not None:
        return _own(m, op, left, right, node)
    if shift and (is_node(left) or is_node(right)):
        return connect(m, left, right, node, upstream=isinstance(op, ast.LShift))
    if isinstance(op, (ast.RShift, ast.LShift)) and isinstance(left, Unknown | list) and isinstance(right, Unknown):
        # Only nodes have these operators in a DAG file, and lists of them beside nodes.
        m.doubt(f"an edge to or from {right.reason}", node)
    elif isinstance(op, (ast.RShift, ast.LShift)) and isinstance(left, Unknown) and not isinstance(right, int):
        m.doubt(f"an edge to or from {left.reason}", node)
    if isinstance(left, Instance) or isinstance(right, Instance):
        return _own(m, op, left, right, node)
    for side in (left, right):
        if isinstance(side, Unknown):
            other = right if side is left else left
            carries = side.carries or (isinstance(other, Unknown) and other.carries)
            return m.unknown(side.reason, node, carries=carries)
    if is_asset(left) or is_asset(right):
        return joined_assets(left, right, op)
    if not (isinstance(left, PLAIN) and isinstance(right, PLAIN)):
        return m.unknown(f"an operation on {described(right if isinstance(left, PLAIN) else left)}", node)
    for side in (left, right):
        if (why := m.blurred(side)) is not None:
            return why
    if isinstance(op, ast.Mod) and isinstance(left, str):
        return percent(m, left, right, node)
    _bounded(m, op, left, right)
    return _computed(m, BINARY.get(type(op)), left, right, node)


def _own(m: Machine, op: ast.operator, left: Value, right: Value, node: ast.AST) -> Value:
    """An operator that the file's own class may define."""
    word = METHODS.get(type(op), "")
    for one, other, name in ((left, right, f"__{word}__"), (right, left, f"__r{word}__")):
        if not word or not isinstance(one, Instance):
            continue
        method, known = find(one.cls, name)
        if isinstance(method, Function):
            return m.apply(Bound(method, one), [other], node)
        if not known and isinstance(op, (ast.RShift, ast.LShift)):
            m.doubt(f"an edge to or from {described(one)}", node)
    return m.unknown(f"an operation on {described(left if isinstance(left, Instance) else right)}", node)


def _computed(m: Machine, how: Callable[[Any, Any], Any] | None, left: Value, right: Value, node: ast.AST) -> Value:
    if how is None or _zoned(left) or _zoned(right):
        return m.unknown("arithmetic in a time zone" if how else "matrix multiplication", node)
    try:
        result: Value = how(left, right)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError) as error:
        raise Raised(type(error).__name__, str(error)) from error
    return result


def _zoned(value: Value) -> bool:
    """Of a zone whose hours may jump, so that adding to it is not arithmetic; UTC's do not."""
    return isinstance(value, datetime) and isinstance(value.tzinfo, Zone) and value.tzinfo.key != "UTC"


def _bounded(m: Machine, op: ast.operator, left: Value, right: Value) -> None:
    sizes = [len(side) for side in (left, right) if isinstance(side, (str, bytes, list, tuple))]
    numbers = [abs(side) for side in (left, right) if isinstance(side, int)]
    if isinstance(op, ast.Mult) and sizes and numbers:
        m.sized(sizes[0] * numbers[0])
    elif isinstance(op, (ast.Pow, ast.LShift)) and isinstance(left, int) and isinstance(right, int):
        m.sized((left.bit_length() if isinstance(op, ast.Pow) else 1) * max(right, 0) * (1_000_000 // BITS))
    elif sizes:
        m.sized(sum(sizes))
    for number in numbers:
        m.sized(number.bit_length() * (1_000_000 // BITS) // 4)


def unary(m: Machine, op: ast.unaryop, value: Value, node: ast.AST) -> Value:
    """`op value`, but for `not`."""
    if isinstance(value, (int, float, complex, timedelta)):
        try:
            return UNARY[type(op)](value)
        except TypeError as error:
            raise Raised("TypeError", str(error)) from error
    return value if isinstance(value, Unknown) else m.unknown(f"an operation on {described(value)}", node)


def negate(m: Machine, value: Value, node: ast.AST) -> Value:
    """`not value`."""
    decided = truth(m, value, node)
    return decided if isinstance(decided, Unknown) else not decided


def truth(m: Machine, value: Value, node: ast.AST) -> bool | Unknown:
    """Whether a value counts as true, or why that is not known."""
    if (why := m.blurred(value)) is not None:
        return why
    match value:
        case Unknown():
            return value
        case Ref(name):
            if name == "typing.TYPE_CHECKING":
                return False
            return True if name.startswith("builtins.") else m.unknown(name, node)
        case Instance():
            if any(name in value.cls.names for name in ("__bool__", "__len__")) or value.cls.bases:
                return m.unknown(f"whether {described(value)} is true", node)
            return True
        case Object():
            return True
        case View(source=source):
            return m.blurred(source) or bool(source)
        case _ if isinstance(value, PLAIN):
            return bool(value)
        case _:
            return True


def compare(m: Machine, op: ast.cmpop, left: Value, right: Value, node: ast.AST) -> Value:
    """One comparison."""
    if isinstance(op, (ast.Is, ast.IsNot)):
        return _identity(m, left, right, isinstance(op, ast.IsNot), node)
    if isinstance(op, (ast.In, ast.NotIn)):
        found = contains(m, right, left, node)
        return found if isinstance(found, Unknown) else found is isinstance(op, ast.In)
    for side in (left, right):
        why = side if isinstance(side, Unknown) else m.blurred(side)
        if why is not None:
            return m.unknown(why.reason, node)
    if isinstance(op, (ast.Eq, ast.NotEq)):
        equal = _equal(left, right)
        if equal is None:
            return m.unknown(f"a comparison with {described(right if isinstance(left, PLAIN) else left)}", node)
        return equal is isinstance(op, ast.Eq)
    if not (isinstance(left, PLAIN) and isinstance(right, PLAIN)) or _moment(left) != _moment(right):
        return m.unknown(f"a comparison with {described(left)}", node)
    try:
        return bool(ORDER[type(op)](left, right))
    except TypeError as error:
        raise Raised("TypeError", str(error)) from error


def _moment(value: Value) -> object:
    """Moments of one zone alone can be compared without looking offsets up."""
    return value.tzinfo if isinstance(value, datetime) else isinstance(value, date)


def _identity(m: Machine, left: Value, right: Value, negated: bool, node: ast.AST) -> Value:
    for side in (left, right):
        if isinstance(side, Unknown):
            return m.unknown(side.reason, node)
    if isinstance(left, Ref) and not left.name.startswith("builtins.") and right is None:
        return m.unknown(left.name, node)
    if isinstance(left, Ref) and isinstance(right, Ref):
        return (left.name == right.name) is not negated
    singletons = (type(None), bool)
    if isinstance(left, SCALARS) and isinstance(right, SCALARS) and not isinstance(right, singletons):
        return m.unknown("the identity of a constant", node)
    return (left is right) is not negated


def _equal(left: Value, right: Value) -> bool | None:
    """None where it is not known."""
    if left is right:
        return True
    if isinstance(left, PLAIN) and isinstance(right, PLAIN):
        if _holds_unknown(left) or _holds_unknown(right) or _moment(left) != _moment(right):
            return None
        return bool(left == right)
    if isinstance(left, Instance) and isinstance(right, Instance) and left.cls is right.cls and left.cls.sort == "enum":
        return False
    for one, two in ((left, right), (right, left)):
        if isinstance(one, Ref | Object | Instance | Class) and two is not None:
            if isinstance(one, Ref) and isinstance(two, Ref) and one.name == two.name:
                return True
            return None
    kinds = (Function, Module, Dag)
    return False if isinstance(left, kinds) or isinstance(right, kinds) or left is None or right is None else None


def _holds_unknown(value: Value, depth: int = 4) -> bool:
    match value:
        case list() | tuple() | set() | frozenset():
            return depth == 0 or any(_holds_unknown(item, depth - 1) for item in value)
        case dict():
            return depth == 0 or any(_holds_unknown(item, depth - 1) for item in value.values())
        case _:
            return not isinstance(value, PLAIN)


def contains(m: Machine, container: Value, item: Value, node: ast.AST) -> bool | Unknown:
    """`item in container`."""
    why = item if isinstance(item, Unknown) else m.blurred(container)
    if why is not None:
        return m.unknown(why.reason, node)
    match container:
        case str():
            if isinstance(item, str):
                return item in container
        case dict() | set() | frozenset():
            try:
                if item in container:
                    return True
                other = may_hold(container, item)
                return False if other is None else m.unknown(f"whether {described(other)} is {item!r}", node)
            except TypeError as error:
                raise Raised("TypeError", str(error)) from error
        case list() | tuple():
            equal = [_equal(item, each) for each in container]
            if True in equal:
                return True
            if None not in equal:
                return False
        case Unknown():
            return m.unknown(container.reason, node)
        case Lazy():
            lose(m, container, m.unknown(f"what is left of {container.name}", node), node)
        case View():
            return contains(m, container.seen(), item, node)
        case _:
            pass
    return m.unknown(f"what is in {described(container)}", node)
