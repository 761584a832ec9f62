"""The second net: every call in a statement that was executed has been evaluated, or is known to be skipped."""

from __future__ import annotations

import ast

from transpilers.airflow.static.machine import Machine

Definitions = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
#: Statements whose parts are statements: their expressions are noted one by one.
COMPOUND = ast.If | ast.For | ast.While | ast.With | ast.Try | ast.Match | Definitions


def account(m: Machine) -> None:
    """Put the file in doubt for each call that has been passed over."""
    for statement in m.executed.values():
        if not isinstance(statement, COMPOUND):
            _calls(m, statement)


def _calls(m: Machine, statement: ast.AST) -> None:
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        if id(node) in m.skipped or isinstance(node, Definitions):
            continue
        if isinstance(node, ast.Call) and id(node) not in m.evaluated:
            m.doubt(f"the call of {ast.unparse(node.func)[:60]} is not accounted for", node)
            continue
        pending += ast.iter_child_nodes(node)
