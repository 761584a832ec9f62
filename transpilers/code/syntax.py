"""Small questions about syntax trees that several rooms ask."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

TYPE_CHECKING = "TYPE_CHECKING"

Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Scope = Function | ast.Lambda | Comprehension
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

# Scopes whose bodies run later, not where they stand.
_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def root_of(node: ast.expr) -> ast.Name | None:
    """The name an expression starts at: `a` for `a.b[0].c()`; None where it starts at no name."""
    while not isinstance(node, ast.Name):
        match node:
            case ast.Attribute() | ast.Subscript() | ast.Starred() | ast.Await():
                node = node.value
            case ast.Call():
                node = node.func
            case _:
                return None
    return node


def path_of(node: ast.expr) -> tuple[str, ...]:
    """A dotted name as its parts: `("a", "b")` for `a.b`; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else ()


def paths_in(nodes: Iterable[ast.AST]) -> Iterator[tuple[tuple[str, ...], ast.expr]]:
    """Every dotted name in the code, as long as it goes, with its node."""
    for node in nodes:
        path = path_of(node) if isinstance(node, ast.Attribute | ast.Name) else ()
        if path and isinstance(node, ast.expr):
            yield path, node
        else:
            yield from paths_in(ast.iter_child_nodes(node))


def running(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Every node that is evaluated when the code itself runs: bodies of functions are left out."""
    for node in nodes:
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from running([*node.decorator_list, node.args])
        elif isinstance(node, ast.Lambda):
            yield from running([node.args])
        else:
            yield from running(ast.iter_child_nodes(node))


def own_statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Every statement of a scope, at any depth of blocks, but none of an inner function or class."""
    for statement in body:
        yield statement
        if isinstance(statement, (*_LATER, ast.ClassDef)):
            continue
        for block in ast.iter_child_nodes(statement):
            if isinstance(block, ast.stmt):
                yield from own_statements([block])
            elif isinstance(block, ast.ExceptHandler | ast.match_case):
                yield from own_statements(block.body)


def starts_at(node: Definition, line: int) -> bool:
    """Whether a line lies between the first decorator and the `def` or `class` of a definition."""
    return min([node.lineno, *(mark.lineno for mark in node.decorator_list)]) <= line <= node.lineno


def line_of(nodes: Sequence[ast.AST], name: str) -> int:
    """The first line where a name stands in the code, else the line the code starts at."""
    lines = [
        inner.lineno for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.Name) and inner.id == name
    ]
    return min(lines, default=getattr(nodes[0], "lineno", 0) if nodes else 0)


def is_type_checking(test: ast.expr) -> bool:
    """Whether a condition is `TYPE_CHECKING`, which is false when code runs."""
    return path_of(test)[-1:] == (TYPE_CHECKING,)


def is_main_guard(test: ast.expr) -> bool:
    """Whether a condition is `__name__ == "__main__"`, which is false in an imported module."""
    if not isinstance(test, ast.Compare) or len(test.comparators) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, test.comparators[0])
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides) and any(
        isinstance(side, ast.Constant) and side.value == "__main__" for side in sides
    )
