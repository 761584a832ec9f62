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
    return {name: value for name, _, value in _known(ref, parameters)}


def variables(ref: CodeRef, parameters: tuple[Parameter, ...]) -> dict[str, Value]:
    """The variables that such defaults are, with the value they had: without one the definition cannot be run."""
    return {variable: value for _, variable, value in _known(ref, parameters) if variable}


def _known(ref: CodeRef, parameters: tuple[Parameter, ...]) -> Iterator[tuple[str, str, Value]]:
    """Parameter, variable ("" for an expression of several) and value of each default that varies."""
    naming = dict(_naming(Path(ref.span.path), ref.span.line)) if ref.span is not None else {}
    for parameter in parameters:
        value = parameter.default
        if parameter.name in naming and value is not None and not isinstance(value, Unresolved):
            yield parameter.name, naming[parameter.name], value


def _naming(path: Path, line: int) -> tuple[tuple[str, str], ...]:
    try:
        return _repeated(path, path.stat().st_mtime_ns).get(line, ())
    except OSError:
        return ()


@lru_cache(maxsize=16)
def _repeated(path: Path, _changed: int) -> dict[int, tuple[tuple[str, str], ...]]:
    """By line, what the defaults of functions name that start there, inside a loop or another function."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return {}
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    pending: list[tuple[ast.AST, bool]] = [(tree, False)]
    while pending:
        node, repeated = pending.pop()
        if isinstance(node, Callable) and repeated:
            found[node.lineno] = (*found.get(node.lineno, ()), *_names(node))
        inside = repeated or isinstance(node, SCOPES)
        pending += [(child, inside) for child in ast.iter_child_nodes(node)]
    return found


def _names(definition: Callable) -> Iterator[tuple[str, str]]:
    given = definition.args
    plain = [*given.posonlyargs, *given.args]
    pairs = [*zip(reversed(plain), reversed(given.defaults), strict=False)]
    pairs += [(name, default) for name, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default]
    for name, default in pairs:
        kinds = {type(node) for node in ast.walk(default)}
        if ast.Name in kinds and ast.Call not in kinds:
            yield name.arg, default.id if isinstance(default, ast.Name) else ""
