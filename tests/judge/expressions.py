"""JSONata in definitions: paths and string literals by hand, anything else by the library."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import jsonata

Json = Any
OPEN, CLOSE = "{%", "%}"
PATH = re.compile(r"\$[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


class Scope(NamedTuple):
    """What an expression sees: `$states` with its parts, and variables."""

    input: Json
    context: Mapping[str, Json]
    variables: dict[str, Json]
    result: Json = None
    error: Json = None

    @property
    def states(self) -> dict[str, Json]:
        """`$states`."""
        parts = {"input": self.input, "context": self.context, "result": self.result, "errorOutput": self.error}
        return {name: part for name, part in parts.items() if part is not None}


def evaluate(value: Json, scope: Scope) -> Json:
    """A value of a definition, its expressions evaluated at every depth."""
    if isinstance(value, str):
        inside = value.startswith(OPEN) and value.endswith(CLOSE)
        return _expression(value[len(OPEN) : -len(CLOSE)].strip(), scope) if inside else value
    if isinstance(value, dict):
        return {name: evaluate(inner, scope) for name, inner in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [evaluate(inner, scope) for inner in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def _expression(source: str, scope: Scope) -> Json:
    if PATH.fullmatch(source):
        first, *rest = source[1:].split(".")
        found: Json = scope.states if first == "states" else scope.variables[first]
        for name in rest:
            found = found[name]
        return found
    if source.startswith('"'):
        try:
            return json.loads(source)
        except ValueError:
            pass
    return _by_library(source, scope)


def _by_library(source: str, scope: Scope) -> Json:
    parsed = _parsed(source)
    for name, value in {**scope.variables, "states": scope.states}.items():
        parsed.assign(name, value)
    return parsed.evaluate(None)


@lru_cache(maxsize=256)
def _parsed(source: str) -> Any:
    return jsonata.Jsonata(source)
