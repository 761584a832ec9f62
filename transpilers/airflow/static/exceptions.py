"""`try`: where a body may raise, its handlers are a branch of their own; `raise` ends one."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence

from transpilers.airflow.static.branches import fork
from transpilers.airflow.static.machine import Left, Machine, Outcome
from transpilers.airflow.static.outcomes import join_outcomes
from transpilers.airflow.static.values import Class, Instance, Object, Raised, Ref, Scope, Unknown, Value


def raised_by(_m: Machine, value: Value) -> Raised:
    """The exception that `raise value` raises."""
    match value:
        case Ref():
            return Raised(value.short)
        case Object(class_name=name, args=args):
            text = args[0] if args and isinstance(args[0], str) else ""
            return Raised(name.rpartition(".")[2], text, value)
        case Class():
            return Raised(value.node.name, "", value)
        case Instance():
            return Raised(value.cls.node.name, "", value)
        case _:
            return Raised("Exception", "", value)


def execute_try(m: Machine, node: ast.Try, scope: Scope) -> Outcome:
    """A whole `try` statement."""
    try:
        outcome = _protected(m, node, scope)
    except (Raised, Left):
        m.block(node.finalbody, scope)
        raise
    return m.block(node.finalbody, scope) or outcome


def _protected(m: Machine, node: ast.Try, scope: Scope) -> Outcome:
    before = m.may_raise
    if _harmless(node.body):
        return m.block(node.body, scope) or m.block(node.orelse, scope)

    def body() -> Outcome:
        try:
            outcome = m.block(node.body, scope)
        except Raised as error:
            return _handle(m, node, error, scope)
        return outcome or m.block(node.orelse, scope)

    if not node.handlers:
        return body()
    why = m.unknown("whether this raises", node)
    m.may_raise = before

    def handled() -> Outcome:
        """Where the body raised at its first statement; only what it may have raised is handled."""
        if m.may_raise == before:
            raise Raised("NothingRaised")
        return _any(m, node.handlers, scope, why)

    return fork(m, body, handled, lambda one, two: join_outcomes(m, one, two, why, node), why, node)


def _any(m: Machine, handlers: list[ast.ExceptHandler], scope: Scope, why: Unknown) -> Outcome:
    """It is not known which of them."""
    first, rest = handlers[0], handlers[1:]
    if not rest:
        return _one(m, first, None, scope)
    return fork(
        m,
        lambda: _one(m, first, None, scope),
        lambda: _any(m, rest, scope, why),
        lambda one, two: join_outcomes(m, one, two, why, first),
        why,
        first,
    )


def _harmless(body: Sequence[ast.stmt]) -> bool:
    return all(isinstance(statement, ast.Pass) for statement in body)


def _handle(m: Machine, node: ast.Try, error: Raised, scope: Scope) -> Outcome:
    """What is surely raised goes to the first handler that fits."""
    for handler in node.handlers:
        if handler.type is None or _fits(m, m.evaluate(handler.type, scope), error.sort):
            return _one(m, handler, error, scope)
    raise error


def _one(m: Machine, handler: ast.ExceptHandler, error: Raised | None, scope: Scope) -> Outcome:
    if handler.name:
        m.touch(scope.names)
        scope.names[handler.name] = m.unknown("the exception", handler)
    try:
        return m.block(handler.body, scope)
    except Raised as again:
        if again.sort == "Exception" and error is not None and _bare(handler):
            raise error from again
        raise


def _bare(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) and node.exc is None for node in handler.body)


def _fits(m: Machine, kind: Value, sort: str) -> bool:
    """Whether an exception of the class `sort` is one of `kind`; for what is unknown, by its name alone."""
    if isinstance(kind, tuple):
        return any(_fits(m, each, sort) for each in kind)
    wanted = kind.short if isinstance(kind, Ref) else kind.node.name if isinstance(kind, Class) else ""
    if wanted == sort:
        return True
    raised, caught = getattr(builtins, sort, None), getattr(builtins, wanted, None)
    if isinstance(caught, type) and issubclass(caught, BaseException):
        if isinstance(raised, type):
            return issubclass(raised, caught)
        return wanted in ("Exception", "BaseException")
    return False
