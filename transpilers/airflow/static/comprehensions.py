"""Comprehensions over known items; an unknown one gives an unknown whole."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from transpilers.airflow.static.arithmetic import truth
from transpilers.airflow.static.containers import turns
from transpilers.airflow.static.iterators import lazy
from transpilers.airflow.static.machine import ITEMS, Lost, Machine
from transpilers.airflow.static.makers import makes_in
from transpilers.airflow.static.targets import assign
from transpilers.airflow.static.values import NO_ROOM, Raised, Scope, Unknown, Value

Kind = ast.ListComp | ast.SetComp | ast.GeneratorExp


def comprehension(m: Machine, node: Kind, scope: Scope) -> Value:
    """A list, a set, or a generator, which is evaluated item by item when it is asked for them."""
    if isinstance(node, ast.GeneratorExp):
        return _generator(m, node, scope)
    found: list[Value] = []
    why = _turns(m, node, node.generators, scope, lambda inner: found.append(m.evaluate(node.elt, inner)))
    if why is not None:
        return why
    if not isinstance(node, ast.SetComp):
        return found
    unknown = next((item for item in found if isinstance(item, Unknown)), None)
    try:
        return unknown if unknown is not None else set(found)
    except TypeError as error:
        raise Raised("TypeError", str(error)) from error


def _generator(m: Machine, node: ast.GeneratorExp, scope: Scope) -> Value:
    inner = Scope(scope.module, scope, sort="comprehension")
    inner.prefix = scope.prefix
    first = node.generators[0].iter
    source = m.evaluate(first, scope)
    if isinstance(source, Unknown) or m.blurred(source) is not None:
        # What its items would make is looked at once.
        return _turns(m, node, node.generators, scope, lambda _: None, source) or m.unknown("a generator", node)
    _skip(m, node)

    def pull() -> Iterator[Value]:
        for why in _walk(m, node, node.generators, inner, source):
            if why is not None:
                _dry(m, node, inner, why)
                raise Lost(why)
            yield m.evaluate(node.elt, inner)

    return lazy(m, "a generator", pull(), makes=makes_in(node, scope), module=scope.module)


def dict_comprehension(m: Machine, node: ast.DictComp, scope: Scope) -> Value:
    """A dict."""
    found: dict[Value, Value] = {}
    unknown: list[Unknown] = []

    def turn(inner: Scope) -> None:
        key, value = m.evaluate(node.key, inner), m.evaluate(node.value, inner)
        if isinstance(key, Unknown):
            unknown.append(key)
            return
        try:
            found[key] = value
        except TypeError as error:
            raise Raised("TypeError", str(error)) from error

    why = _turns(m, node, node.generators, scope, turn)
    return why or (unknown[0] if unknown else found)


def _turns(
    m: Machine,
    node: ast.expr,
    generators: list[ast.comprehension],
    scope: Scope,
    turn: Callable[[Scope], object],
    source: Value = NO_ROOM,
) -> Unknown | None:
    inner = Scope(scope.module, scope, sort="comprehension")
    inner.prefix = scope.prefix
    # The first iterable is that of the scope around, which may be a class.
    source = m.evaluate(generators[0].iter, scope) if source is NO_ROOM else source
    count = 0
    walk = _walk(m, node, generators, inner, source)
    while True:
        try:
            why = next(walk)
        except StopIteration:
            break
        if why is not None:
            _dry(m, node, inner, why)
            return why
        turn(inner)
        count += 1
        if count > ITEMS:
            m.sized(count * 50)
    if not count:
        _skip(m, node)
    return None


def _skip(m: Machine, node: ast.expr) -> None:
    """What it would have made is not accounted for where it makes nothing, or nobody knows what."""
    m.skipped.add(id(node))


def _walk(
    m: Machine, node: ast.expr, generators: list[ast.comprehension], inner: Scope, source: Value = NO_ROOM
) -> Iterator[Unknown | None]:
    if not generators:
        yield None
        return
    first = generators[0]
    items = turns(m, m.evaluate(first.iter, inner) if source is NO_ROOM else source, first.iter)
    if isinstance(items, Unknown):
        assign(m, first.target, items, inner)
        yield items
        return
    while True:
        try:
            item = next(items)
        except StopIteration:
            return
        except Lost as lost:
            assign(m, first.target, lost.why, inner)
            yield lost.why
            return
        assign(m, first.target, item, inner)
        tests = [truth(m, m.evaluate(test, inner), test) for test in first.ifs]
        why = next((test for test in tests if isinstance(test, Unknown)), None)
        if why is not None:
            yield why
            return
        if all(tests):
            yield from _walk(m, node, generators[1:], inner)


def _dry(m: Machine, node: ast.expr, inner: Scope, why: Unknown) -> None:
    """What an unknown item would make, and whether that touches the graph."""
    before = m.size()
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.expr):
            m.evaluate(part, inner)
    if m.size() != before:
        m.doubt(f"how many tasks there are depends on {why.reason}", node)
    _skip(m, node)
