"""Expressions to values. What is not evaluated, because Python would not either, is noted as skipped."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from transpilers.airflow.static.arithmetic import binary, compare, negate, truth, unary
from transpilers.airflow.static.branches import fork, join_values
from transpilers.airflow.static.comprehensions import comprehension, dict_comprehension
from transpilers.airflow.static.containers import iterate, subscript, turns
from transpilers.airflow.static.functions import make_lambda
from transpilers.airflow.static.iterators import fresh, through
from transpilers.airflow.static.machine import Arguments, Lost, Machine
from transpilers.airflow.static.names import lookup
from transpilers.airflow.static.texts import joined_string
from transpilers.airflow.static.values import Generator, Raised, Scope, Unknown, Value


def evaluate(m: Machine, node: ast.expr, scope: Scope) -> Value:
    """The value of one expression."""
    m.step()
    handler = HANDLERS.get(type(node))
    if handler is None:
        return m.unknown(f"{type(node).__name__.lower()} expressions are not followed", node)
    return handler(m, node, scope)


def _constant(_m: Machine, node: ast.Constant, _scope: Scope) -> Value:
    return node.value


def _name(m: Machine, node: ast.Name, scope: Scope) -> Value:
    return lookup(m, node.id, scope, node)


def _attribute(m: Machine, node: ast.Attribute, scope: Scope) -> Value:
    return m.attribute(evaluate(m, node.value, scope), node.attr, node)


def _items(m: Machine, nodes: list[ast.expr], scope: Scope) -> list[Value] | Unknown:
    found: list[Value] = []
    for each in nodes:
        if not isinstance(each, ast.Starred):
            found.append(evaluate(m, each, scope))
            continue
        items = iterate(m, evaluate(m, each.value, scope), each)
        if isinstance(items, Unknown):
            return items
        found += items
    return found


def _list(m: Machine, node: ast.List, scope: Scope) -> Value:
    return _items(m, node.elts, scope)


def _tuple(m: Machine, node: ast.Tuple, scope: Scope) -> Value:
    items = _items(m, node.elts, scope)
    return items if isinstance(items, Unknown) else tuple(items)


def _set(m: Machine, node: ast.Set, scope: Scope) -> Value:
    items = _items(m, node.elts, scope)
    if isinstance(items, Unknown):
        return items
    unknown = next((item for item in items if isinstance(item, Unknown)), None)
    return unknown if unknown is not None else _hashed(set, items)


def _hashed(make: Callable[[list[Value]], Value], items: list[Value]) -> Value:
    try:
        return make(items)
    except TypeError as error:
        raise Raised("TypeError", str(error)) from error


def _dict(m: Machine, node: ast.Dict, scope: Scope) -> Value:
    found: dict[Value, Value] = {}
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        if key_node is None:
            more = evaluate(m, value_node, scope)
            if isinstance(more, dict) and not m.blurred(more):
                found.update(more)
                continue
            why = more if isinstance(more, Unknown) else m.blurred(more)
            m.blur(found, why or m.unknown("what is unpacked with ** is no known dict", value_node))
            continue
        key, value = evaluate(m, key_node, scope), evaluate(m, value_node, scope)
        if isinstance(key, Unknown):
            m.blur(found, key)
            continue
        try:
            found[key] = value
        except TypeError as error:
            raise Raised("TypeError", str(error)) from error
    return found


def _binary(m: Machine, node: ast.BinOp, scope: Scope) -> Value:
    return binary(m, node.op, evaluate(m, node.left, scope), evaluate(m, node.right, scope), node)


def _unary(m: Machine, node: ast.UnaryOp, scope: Scope) -> Value:
    value = evaluate(m, node.operand, scope)
    return negate(m, value, node) if isinstance(node.op, ast.Not) else unary(m, node.op, value, node)


def _boolean(m: Machine, node: ast.BoolOp, scope: Scope) -> Value:
    stops = isinstance(node.op, ast.Or)
    value: Value = None
    for number, each in enumerate(node.values):
        value = evaluate(m, each, scope)
        decided = truth(m, value, each)
        if isinstance(decided, Unknown):
            return _unsure(m, node, number, value, decided, scope)
        if decided is stops:
            m.skipped.update(map(id, node.values[number + 1 :]))
            return value
    return value


def _unsure(m: Machine, node: ast.BoolOp, number: int, value: Value, why: Unknown, scope: Scope) -> Value:
    """What comes after an operand that may or may not decide."""
    if number + 1 == len(node.values):
        return value
    rest = node.values[number + 1 :]
    after: ast.expr = rest[0] if len(rest) == 1 else ast.copy_location(ast.BoolOp(node.op, rest), rest[0])
    stops = isinstance(node.op, ast.Or)

    def join(one: Value, two: Value) -> Value:
        # `unknown and False` is false whatever the first is; `unknown or True` is true.
        if not isinstance(two, Unknown) and isinstance(value, Unknown):
            sure = truth(m, two, node)
            if sure is stops and isinstance(two, bool):
                return two
        return join_values(one, two, why)

    return fork(m, lambda: value, lambda: evaluate(m, after, scope), join, why, node)


def _comparison(m: Machine, node: ast.Compare, scope: Scope) -> Value:
    left = evaluate(m, node.left, scope)
    result: Value = True
    for number, (op, right_node) in enumerate(zip(node.ops, node.comparators, strict=True)):
        right = evaluate(m, right_node, scope)
        result = compare(m, op, left, right, node)
        left = right
        if isinstance(result, Unknown) and number + 1 < len(node.ops):
            m.skipped.update(map(id, node.comparators[number + 1 :]))
            return result
        if result is False:
            m.skipped.update(map(id, node.comparators[number + 1 :]))
            return False
    return result


def _conditional(m: Machine, node: ast.IfExp, scope: Scope) -> Value:
    test = truth(m, evaluate(m, node.test, scope), node.test)
    if isinstance(test, Unknown):

        def join(one: Value, two: Value) -> Value:
            return join_values(one, two, test)

        return fork(m, lambda: evaluate(m, node.body, scope), lambda: evaluate(m, node.orelse, scope), join, test, node)
    taken, other = (node.body, node.orelse) if test else (node.orelse, node.body)
    m.skipped.add(id(other))
    return evaluate(m, taken, scope)


def _call(m: Machine, node: ast.Call, scope: Scope) -> Value:
    function = evaluate(m, node.func, scope)
    args: list[Value] = []
    kwargs: dict[str, Value] = {}
    rest: Unknown | None = None
    for each in node.args:
        if not isinstance(each, ast.Starred):
            args.append(evaluate(m, each, scope))
            continue
        items = iterate(m, evaluate(m, each.value, scope), each)
        if isinstance(items, Unknown):
            rest = rest or items
        else:
            args += items
    for keyword in node.keywords:
        value = evaluate(m, keyword.value, scope)
        if keyword.arg is not None:
            kwargs[keyword.arg] = value
        else:
            rest = _unpacked(m, value, kwargs, keyword) or rest
    m.evaluated.add(id(node))
    return m.call(function, Arguments(args, kwargs, node, rest))


def _unpacked(m: Machine, value: Value, kwargs: dict[str, Value], node: ast.AST) -> Unknown | None:
    """Add `**value`; returns why there may be more."""
    if not isinstance(value, dict):
        return value if isinstance(value, Unknown) else m.unknown("what is unpacked with ** is no known dict", node)
    for name, item in value.items():
        if not isinstance(name, str):
            raise Raised("TypeError", "keywords must be strings")
        if name in kwargs:
            raise Raised("TypeError", f"got multiple values for keyword argument {name!r}")
        kwargs[name] = item
    return m.blurred(value)


def _subscript(m: Machine, node: ast.Subscript, scope: Scope) -> Value:
    value = evaluate(m, node.value, scope)
    if isinstance(node.slice, ast.Slice):
        parts = [evaluate(m, part, scope) if part else None for part in _slice_parts(node.slice)]
        return subscript(m, value, parts, node)
    return subscript(m, value, evaluate(m, node.slice, scope), node, index=True)


def _slice_parts(node: ast.Slice) -> tuple[ast.expr | None, ast.expr | None, ast.expr | None]:
    return node.lower, node.upper, node.step


def _walrus(m: Machine, node: ast.NamedExpr, scope: Scope) -> Value:
    value = evaluate(m, node.value, scope)
    target = scope
    while target.sort == "comprehension" and target.outer is not None:
        target = target.outer
    m.touch(target.names)
    target.names[node.target.id] = value
    return value


def _lambda(m: Machine, node: ast.Lambda, scope: Scope) -> Value:
    return make_lambda(m, node, scope)


def _slice(m: Machine, node: ast.Slice, _scope: Scope) -> Value:
    return m.unknown("a slice of its own", node)


def _yielded(m: Machine, node: ast.Yield, scope: Scope) -> Value:
    value = evaluate(m, node.value, scope) if node.value is not None else None
    if m.yielded:
        m.yielded[-1](value)
    return None


def _yielded_from(m: Machine, node: ast.YieldFrom, scope: Scope) -> Value:
    value = evaluate(m, node.value, scope)
    if not m.yielded:
        return None
    hook = m.yielded[-1]
    if isinstance(value, Generator) and fresh(m, value):
        through(m, value, hook, node)
        return None
    items = turns(m, value, node)
    if isinstance(items, Unknown):
        hook(items)
        m.doubt(f"what a generator gives depends on {items.reason}", node)
        return None
    try:
        for item in items:
            hook(item)
    except Lost as lost:
        m.doubt(f"what a generator gives depends on {lost.why.reason}", node)
    return None


def _awaited(m: Machine, node: ast.Await, scope: Scope) -> Value:
    evaluate(m, node.value, scope)
    return m.unknown("what is awaited", node)


HANDLERS: dict[type[ast.expr], Callable[[Machine, Any, Scope], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _comparison,
    ast.IfExp: _conditional,
    ast.Call: _call,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.NamedExpr: _walrus,
    ast.Lambda: _lambda,
    ast.JoinedStr: joined_string,
    ast.ListComp: comprehension,
    ast.SetComp: comprehension,
    ast.GeneratorExp: comprehension,
    ast.DictComp: dict_comprehension,
    ast.Await: _awaited,
    ast.Yield: _yielded,
    ast.YieldFrom: _yielded_from,
}
