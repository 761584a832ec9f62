"""Looking names up, and binding them."""

from __future__ import annotations

import ast
import builtins

from transpilers.airflow.static.library.catalogue import library_value
from transpilers.airflow.static.machine import Machine
from transpilers.airflow.static.values import Ref, Scope, Value

BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))


def lookup(m: Machine, name: str, scope: Scope, node: ast.AST) -> Value:
    """The value of a name as Python finds it: scopes of classes are seen from inside them alone."""
    where: Scope | None = scope
    foreign: list[str] = []
    while where is not None:
        if name in where.names and (where is scope or where.sort != "class"):
            return where.names[name]
        foreign += where.foreign
        where = where.outer
    if name in BUILTINS:
        return Ref(f"builtins.{name}")
    if len(foreign) == 1:
        return library_value(f"{foreign[0]}.{name}")
    if name == "__name__" or name == "__doc__":
        return None
    return m.unknown(f"the name {name!r}", node)


def bind(m: Machine, name: str, value: Value, scope: Scope) -> None:
    """Give a name a value."""
    target = scope
    if name in scope.globals:
        while target.outer is not None:
            target = target.outer
    elif name in scope.nonlocals:
        outer = scope.outer
        while outer is not None and (name not in outer.names or outer.sort == "class"):
            outer = outer.outer
        target = outer or scope
    m.touch(target.names)
    target.names[name] = value
