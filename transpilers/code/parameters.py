"""Which parameters of a function its body never uses."""

from __future__ import annotations

import ast

from transpilers.code.syntax import starts_at

_BY_NAME = frozenset({"locals", "vars", "eval", "exec", "dir"})


def unused(text: str, line: int) -> frozenset[str]:
    """The unused parameters of the function, or else the lambda, that starts at a line; empty where none does.

    Raises SyntaxError.
    """
    tree = ast.parse(text)
    nodes = list(ast.walk(tree))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lambdas = [node for node in nodes if isinstance(node, ast.Lambda) and node.lineno == line]
    found = [node for node in functions if starts_at(node, line)] or lambdas
    if len(found) != 1:
        return frozenset()
    listed = found[0].args
    every = [*listed.posonlyargs, *listed.args, *listed.kwonlyargs, listed.vararg, listed.kwarg]
    body = found[0].body if isinstance(found[0].body, list) else [found[0].body]
    named = {node.id for each in body for node in ast.walk(each) if isinstance(node, ast.Name)}
    # What is looked up inside the body by another statement than a name: `nonlocal x` in an inner function.
    named |= {name for each in body for node in ast.walk(each) if isinstance(node, ast.Nonlocal) for name in node.names}
    if named & _BY_NAME:
        return frozenset()
    return frozenset(each.arg for each in every if each) - named
