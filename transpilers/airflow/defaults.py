"""Defaults of parameters that the source does not tell: `def task(n=n)` in a loop, where each turn has its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from transpilers.airflow.call import CodeRef, Parameter, Unresolved, Value

Callable = ast.FunctionDef | ast.Lambda
#: What gives a name in a default more than one value over time.
SCOPES = (ast.For, ast.AsyncFor, ast.While, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.comprehension)


def captured(ref: CodeRef, parameters: tuple[Parameter, ...]) -> dict[str, Value]:
    """Defaults to be passed as arguments: those that name a variable, where the definition runs more than once.

    A default that calls something is left to the code, which makes it anew as Airflow does.
    """
    if ref.span is None:
        return {}
    return {
        parameter.name: parameter.default
        for parameter in parameters
        if parameter.default is not None
        and not isinstance(parameter.default, Unresolved)
        and parameter.name in _naming(Path(ref.span.path), ref.span.line)
    }


@lru_cache(maxsize=256)
def _naming(path: Path, line: int) -> frozenset[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return frozenset()
    return frozenset(name for definition in _definitions(tree, line) for name in _names(definition))


def _definitions(tree: ast.AST, line: int) -> Iterator[Callable]:
    """Functions that start at `line`, inside a loop or another function."""
    pending: list[tuple[ast.AST, bool]] = [(tree, False)]
    while pending:
        node, repeated = pending.pop()
        if isinstance(node, Callable) and node.lineno == line and repeated:
            yield node
        inside = repeated or isinstance(node, SCOPES)
        pending += [(child, inside) for child in ast.iter_child_nodes(node)]


def _names(definition: Callable) -> Iterator[str]:
    given = definition.args
    plain = [*given.posonlyargs, *given.args]
    pairs = [*zip(reversed(plain), reversed(given.defaults), strict=False)]
    pairs += [(name, default) for name, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default]
    for name, default in pairs:
        kinds = {type(node) for node in ast.walk(default)}
        if ast.Name in kinds and ast.Call not in kinds:
            yield name.arg
