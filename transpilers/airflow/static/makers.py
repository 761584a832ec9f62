"""Whether a function of the file would make tasks or DAGs if something called it."""

from __future__ import annotations

import ast

from transpilers.airflow.static.graph.nodes import DagFactory, Decorator, GroupFactory, Operator, TaskFactory
from transpilers.airflow.static.values import Bound, Class, Function, Lazy, Native, Partial, Scope, Value

#: Ends of names that make something, whatever they stand for.
NAMES = ("Operator", "Sensor", "DAG", "TaskGroup")
DEPTH = 4


def makes(value: Value, depth: int = DEPTH) -> bool:
    """By what it calls, and what those call in turn; what is too deep is taken to make something."""
    match value:
        case Operator() | TaskFactory() | DagFactory() | GroupFactory() | Decorator():
            return True
        case Function():
            return depth == 0 or any(_call(node.func, value.scope, depth) for node in _calls(value.node))
        case Bound(function=inner) | Partial(function=inner):
            return makes(inner, depth)
        case Class():
            methods = [item for item in value.names.values() if isinstance(item, Function)]
            return depth == 0 or any(makes(method, depth - 1) for method in methods)
        case Lazy():
            return value.makes
        case Native():
            return value.name not in ("functools.wraps", "functools.cache")
        case _:
            return False


def makes_in(node: ast.AST, scope: Scope) -> bool:
    """The same of code that is evaluated in `scope`."""
    return any(_call(each.func, scope, DEPTH) for each in _calls(node))


def _calls(node: ast.AST) -> list[ast.Call]:
    return [each for each in ast.walk(node) if isinstance(each, ast.Call)]


def _call(function: ast.expr, scope: Scope, depth: int) -> bool:
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    if str(name).endswith(NAMES):
        return True
    if not isinstance(function, ast.Name):
        return False
    where: Scope | None = scope
    while where is not None:
        if name in where.names:
            return makes(where.names[name], depth - 1)
        where = where.outer
    return False
