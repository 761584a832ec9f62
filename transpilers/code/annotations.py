"""Annotations in a syntax tree: taken off, or freed from their quotes, so that their names can be told apart."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)


def removed(node: Node) -> Node:
    """Take every annotation off, in place; a bare `x: T` still declares `x`."""
    return _visited(_Removed(), node)


def unquoted(node: Node) -> Node:
    """Replace every annotation in quotes by the expression it stands for, in place."""
    return _visited(_Unquoted(), node)


def groups_in(nodes: Iterable[ast.AST]) -> Iterator[frozenset[str]]:
    """The names of each annotation in the code."""
    for node in (inner for each in nodes for inner in ast.walk(each)):
        match node:
            case ast.arg(annotation=ast.expr() as found) | ast.AnnAssign(annotation=found):
                yield names_in(ast.unparse(found))
            case ast.FunctionDef(returns=ast.expr() as found) | ast.AsyncFunctionDef(returns=ast.expr() as found):
                yield names_in(ast.unparse(found))
            case _:
                continue


def names_in(annotation: str) -> frozenset[str]:
    """The names in the text of an annotation, quoted or not."""
    # Brackets, as an annotation may go over several lines where those of its function hold it together.
    tree = unquoted(ast.parse(f"_: ({annotation})"))
    statement = tree.body[0]
    expression = statement.annotation if isinstance(statement, ast.AnnAssign) else statement
    return frozenset(node.id for node in ast.walk(expression) if isinstance(node, ast.Name))


def _visited(visitor: ast.NodeTransformer, node: Node) -> Node:
    visitor.visit(node)
    return ast.fix_missing_locations(node)


class _Annotations(ast.NodeTransformer):
    def annotation(self, node: ast.expr) -> ast.expr | None:
        raise NotImplementedError

    def visit_arg(self, node: ast.arg) -> ast.arg:
        if node.annotation:
            node.annotation = self.annotation(node.annotation)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        if node.returns:
            node.returns = self.annotation(node.returns)
        self.generic_visit(node)
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        if node.returns:
            node.returns = self.annotation(node.returns)
        self.generic_visit(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        node.annotation = self.annotation(node.annotation) or ast.Constant(None)
        self.generic_visit(node)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        """An f-string counts as the tuple of its parts: `ast.unparse` cannot write every one before Python 3.12."""
        parts = [part for value in node.values for part in _parts(value)]
        return ast.Tuple([self.visit(part) for part in parts], ast.Load())


def _parts(value: ast.expr) -> list[ast.expr]:
    if not isinstance(value, ast.FormattedValue):
        return []
    return [value.value, *([value.format_spec] if value.format_spec else [])]


class _Removed(_Annotations):
    def annotation(self, node: ast.expr) -> ast.expr | None:
        return None


class _Unquoted(_Annotations):
    def annotation(self, node: ast.expr) -> ast.expr | None:
        quoted = _Quoted().visit(node)
        return quoted if isinstance(quoted, ast.expr) else node


class _Quoted(ast.NodeTransformer):
    def visit_Subscript(self, node: ast.Subscript) -> ast.Subscript:
        target = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        if target not in ("Literal", "Annotated"):
            self.generic_visit(node)
        elif target == "Annotated" and isinstance(node.slice, ast.Tuple):
            node.slice.elts[0] = self.visit(node.slice.elts[0])
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if not isinstance(node.value, str):
            return node
        try:
            inner = ast.parse(node.value.strip(), mode="eval").body
        except SyntaxError:
            return node
        return self.visit(inner)
