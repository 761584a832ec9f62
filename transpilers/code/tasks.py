"""Which calls make tasks of the workflow: those of operator classes of the project's own, wherever they are written."""

from __future__ import annotations

import ast
from collections.abc import Callable

from transpilers.code.source import Module
from transpilers.code.syntax import root_of

#: Gives the module of the project by its full name, as another one imports it.
Find = Callable[[str, Module], Module | None]


def makes_tasks(module: Module, node: ast.expr, find: Find) -> bool:
    """Whether what an expression starts at is an operator class: `Load(...)`, `loads.Load.partial(...).expand`."""
    return _is_operator(module, node, find, frozenset())


def _is_operator(module: Module, node: ast.expr, find: Find, seen: frozenset[tuple[str, str]]) -> bool:
    root = root_of(node)
    if root is None:
        return False
    origin = module.origin(_first_called(node))
    if module.policy.makes_tasks(origin):
        return True
    if root.id not in module.imported:
        return _of_class(module, root.id, find, seen)
    parts = origin.split(".")
    for length in range(len(parts) - 1, 0, -1):
        other = find(".".join(parts[:length]), module)
        if other is not None:
            return _is_operator(other, ast.Name(parts[length], ast.Load()), find, seen)
    return False


def _of_class(module: Module, name: str, find: Find, seen: frozenset[tuple[str, str]]) -> bool:
    key = (str(module.path), name)
    if key in seen:
        return False
    nodes = [node for unit in module.binders.get(name, ()) for node in unit.nodes]
    bases = [base for node in nodes if isinstance(node, ast.ClassDef) for base in node.bases]
    return any(_is_operator(module, base, find, seen | {key}) for base in bases)


def _first_called(node: ast.expr) -> ast.expr:
    """What is called first: `loads.Load.partial` for `loads.Load.partial(table="a").expand`."""
    called = [each.func for each in ast.walk(node) if isinstance(each, ast.Call) and root_of(each) is root_of(node)]
    return called[-1] if called else node
