"""Nodes that are taken out of the inside of something, by the place where they start."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from transpilers.code.syntax import Comprehension, Function, Scope, path_of

Liftable = ast.stmt | ast.Lambda | ast.Call


def liftable_in(node: ast.AST, scopes: tuple[Scope, ...] = ()) -> Iterator[tuple[Liftable, tuple[Scope, ...]]]:
    """Every statement, lambda and partial call below a node, with the scopes around it, outermost first."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.Lambda) and not isinstance(child, ast.Expr):
            yield child, scopes
        if isinstance(child, ast.Call) and path_of(child.func)[-1:] == ("partial",):
            yield child, scopes
        inner = isinstance(child, Function | ast.Lambda | Comprehension)
        yield from liftable_in(child, (*scopes, child) if inner else scopes)
