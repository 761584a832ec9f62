"""Statements. A kind that is not followed puts the file in doubt, so nothing is passed over."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from transpilers.airflow.static.arithmetic import binary, truth
from transpilers.airflow.static.branches import fork
from transpilers.airflow.static.classes import define_class
from transpilers.airflow.static.containers import iterate
from transpilers.airflow.static.contexts import execute_with
from transpilers.airflow.static.exceptions import execute_try, raised_by
from transpilers.airflow.static.functions import define_function
from transpilers.airflow.static.imports import execute_from, execute_import
from transpilers.airflow.static.loops import repeat
from transpilers.airflow.static.machine import Leave, Machine, Outcome, Return
from transpilers.airflow.static.matching import execute_match
from transpilers.airflow.static.names import bind
from transpilers.airflow.static.outcomes import join_outcomes
from transpilers.airflow.static.targets import assign
from transpilers.airflow.static.values import Globals, Names, Raised, Scope, Unknown, Value

After = Callable[[], Outcome]


def block(m: Machine, body: list[ast.stmt], scope: Scope, end: Outcome = None) -> Outcome:
    """Execute statements up to the first that leaves the block.

    `end`: what it means to fall off the end of a function or of a loop's turn.
    """
    return _block(m, body, scope, None if end is None else lambda: end)


def _block(m: Machine, body: list[ast.stmt], scope: Scope, after: After | None) -> Outcome:
    """`after` does what comes after the block, to the end of the function or the loop's turn."""
    for number, statement in enumerate(body):
        if isinstance(statement, ast.If):
            outcome = _if(m, statement, body[number + 1 :], scope, after)
        else:
            outcome = execute(m, statement, scope)
        if outcome is not None:
            return outcome
    return None


def execute(m: Machine, statement: ast.stmt, scope: Scope) -> Outcome:
    """Execute one statement."""
    m.step()
    m.executed[id(statement)] = statement
    handler = HANDLERS.get(type(statement))
    if handler is None:
        m.doubt(f"{type(statement).__name__} statements are not followed", statement)
        return None
    try:
        return handler(m, statement, scope)
    except Raised as error:
        if not hasattr(error, "line") and m.current is m.main:
            error.line = statement.lineno  # pyright: ignore[reportAttributeAccessIssue]
        raise


def _if(m: Machine, node: ast.If, rest: list[ast.stmt], scope: Scope, after: After | None) -> Outcome:
    m.step()
    m.executed[id(node.test)] = ast.copy_location(ast.Expr(node.test), node.test)
    test = truth(m, m.evaluate(node.test, scope), node.test)
    then = None if after is None else lambda: _block(m, rest, scope, after) or after()
    if not isinstance(test, Unknown):
        return _block(m, node.body if test else node.orelse, scope, then)
    # A branch that leaves the block decides whether the rest is executed: that is then part of the other branch.
    goes_on = then if _leaves(node.body) or _leaves(node.orelse) else None

    def branch(body: list[ast.stmt]) -> Outcome:
        outcome = _block(m, body, scope, then)
        return goes_on() if outcome is None and goes_on is not None else outcome

    return fork(
        m,
        lambda: branch(node.body),
        lambda: branch(node.orelse),
        lambda one, two: join_outcomes(m, one, two, test, node),
        test,
        node,
    )


def _leaves(body: list[ast.stmt]) -> bool:
    """Whether a block contains, outside loops and definitions, a statement that leaves it."""
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Return | ast.Break | ast.Continue):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            pending += ast.iter_child_nodes(node)
    return False


def _expression(m: Machine, node: ast.Expr, scope: Scope) -> Outcome:
    m.evaluate(node.value, scope)
    return None


def _assign(m: Machine, node: ast.Assign, scope: Scope) -> Outcome:
    value = m.evaluate(node.value, scope)
    for target in node.targets:
        assign(m, target, value, scope)
    return None


def _annotated(m: Machine, node: ast.AnnAssign, scope: Scope) -> Outcome:
    if scope.sort == "class" and isinstance(node.target, ast.Name):
        known = scope.names.setdefault("__annotations__", Names())
        assert isinstance(known, dict)
        known[node.target.id] = ast.unparse(node.annotation)
    if node.value is not None:
        assign(m, node.target, m.evaluate(node.value, scope), scope)
    m.skipped.add(id(node.annotation))
    return None


def _augmented(m: Machine, node: ast.AugAssign, scope: Scope) -> Outcome:
    before = m.evaluate(_loaded(node.target), scope)
    after = m.evaluate(node.value, scope)
    if isinstance(before, list) and isinstance(node.op, ast.Add):
        items = iterate(m, after, node)
        m.touch(before)
        if isinstance(items, Unknown):
            m.blur(before, items)
        else:
            before += items
        assign(m, node.target, before, scope)
        return None
    if isinstance(before, (dict, set)) and isinstance(after, (dict, set)) and not m.blurred(before):
        value = binary(m, node.op, before, after, node)
        if isinstance(before, dict) and isinstance(value, dict):
            m.touch(before)
            before.update(value)
            return None
        if isinstance(before, set) and isinstance(value, set):
            m.touch(before)
            before.clear()
            before |= value
            return None
    assign(m, node.target, binary(m, node.op, before, after, node), scope)
    return None


def _loaded(target: ast.expr) -> ast.expr:
    match target:
        case ast.Name(name):
            return ast.copy_location(ast.Name(name, ast.Load()), target)
        case ast.Attribute(value, attr):
            return ast.copy_location(ast.Attribute(value, attr, ast.Load()), target)
        case ast.Subscript(value, key):
            return ast.copy_location(ast.Subscript(value, key, ast.Load()), target)
        case _:
            return target


def _return(m: Machine, node: ast.Return, scope: Scope) -> Outcome:
    return Return(m.evaluate(node.value, scope) if node.value is not None else None)


def _leave(_m: Machine, node: ast.Break | ast.Continue, _scope: Scope) -> Outcome:
    return Leave("break" if isinstance(node, ast.Break) else "continue")


def _pass(_m: Machine, _node: ast.Pass, _scope: Scope) -> Outcome:
    return None


def _raise(m: Machine, node: ast.Raise, scope: Scope) -> Outcome:
    raise raised_by(m, m.evaluate(node.exc, scope) if node.exc is not None else None)


def _assert(m: Machine, node: ast.Assert, scope: Scope) -> Outcome:
    if node.msg is not None:
        m.skipped.add(id(node.msg))
    test = truth(m, m.evaluate(node.test, scope), node.test)
    if isinstance(test, Unknown):
        m.may_raise += 1
    if test is False:
        raise Raised("AssertionError", ast.unparse(node.test)[:100])
    return None


def _global(_m: Machine, node: ast.Global, scope: Scope) -> Outcome:
    scope.globals.update(node.names)
    return None


def _nonlocal(_m: Machine, node: ast.Nonlocal, scope: Scope) -> Outcome:
    scope.nonlocals.update(node.names)
    return None


def _delete(m: Machine, node: ast.Delete, scope: Scope) -> Outcome:
    for target in node.targets:
        match target:
            case ast.Name(name):
                m.touch(scope.names)
                scope.names.pop(name, None)
            case ast.Subscript(owner, key):
                _delete_item(m, m.evaluate(owner, scope), m.evaluate(key, scope), target)
            case _:
                m.evaluate(_loaded(target), scope)
    return None


def _delete_item(m: Machine, owner: Value, key: Value, node: ast.AST) -> None:
    match owner:
        case Globals(scope):
            m.touch(scope.names)
            scope.names.pop(key, None)
        case list() | dict() if isinstance(key, Unknown):
            m.blur(owner, key)
        case dict():
            m.touch(owner)
            if key not in owner:
                raise Raised("KeyError", "")
            del owner[key]
        case list() if isinstance(key, int) and -len(owner) <= key < len(owner):
            m.touch(owner)
            del owner[key]
        case Unknown():
            pass
        case _:
            m.doubt("a deletion that is not followed", node)


def _for(m: Machine, node: ast.For, scope: Scope) -> Outcome:
    return repeat(m, node, scope)


def _function(m: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Outcome:
    bind(m, node.name, define_function(m, node, scope), scope)
    return None


def _class(m: Machine, node: ast.ClassDef, scope: Scope) -> Outcome:
    bind(m, node.name, define_class(m, node, scope), scope)
    return None


HANDLERS: dict[type[ast.stmt], Callable[[Machine, Any, Scope], Outcome]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Return: _return,
    ast.Break: _leave,
    ast.Continue: _leave,
    ast.Pass: _pass,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Delete: _delete,
    ast.For: _for,
    ast.While: repeat,
    ast.Import: execute_import,
    ast.ImportFrom: execute_from,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.With: execute_with,
    ast.Try: execute_try,
    ast.Match: execute_match,
}
