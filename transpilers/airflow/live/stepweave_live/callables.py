"""Live callables to `call.CodeRef`: where they are defined, what they take, what they have captured."""

from __future__ import annotations

import ast
import functools
import inspect
import os
from typing import TYPE_CHECKING, Any

from .frames import MODULE, Frames

if TYPE_CHECKING:
    from .values import Values

SORTS = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "plain",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "args",
    inspect.Parameter.VAR_KEYWORD: "kwargs",
}


class Callables:
    """Encodes the callables of one file."""

    def __init__(self, frames: Frames, values: Values) -> None:
        self._frames = frames
        self._values = values

    def encode(self, value: Any) -> dict[str, Any]:
        """Any callable; one without Python source has no span."""
        function = inspect.unwrap(value)
        code: Any = getattr(function, "__code__", None)
        found = {
            "kind": "code",
            "module": _module(function),
            "qualname": getattr(function, "__qualname__", type(function).__qualname__),
            "sort": _sort(value, function),
            "parameters": self._parameters(value),
        }
        if code is not None and os.path.exists(code.co_filename):
            first: int = code.co_firstlineno
            # A lambda among the decorators begins where the decorated function does.
            named = code.co_name != "<lambda>"
            line = _def_lines(code.co_filename).get(first, first) if named else first
            found["span"] = self._frames.place(code.co_filename, line)
            found["nested"] = "<locals>" in function.__qualname__
            found["closure"] = self._closure(function)
        return found

    def _parameters(self, value: Any) -> list[dict[str, Any]] | None:
        try:
            signature = inspect.signature(value)
        except (TypeError, ValueError):
            return None
        return [self._parameter(parameter) for parameter in signature.parameters.values()]

    def _parameter(self, parameter: inspect.Parameter) -> dict[str, Any]:
        found: dict[str, Any] = {"name": parameter.name, "sort": SORTS[parameter.kind]}
        if parameter.default is not inspect.Parameter.empty:
            found["default"] = self._values.encode(parameter.default)
        return found

    def _closure(self, function: Any) -> dict[str, Any]:
        captured: dict[str, Any] = {}
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            try:
                captured[name] = self._values.encode(cell.cell_contents)
            except ValueError:
                captured[name] = {"kind": "unresolved", "reason": "it has no value yet"}
        return captured


def class_name(cls: type) -> str:
    """The full name of a class; of one that the file defines itself, the name within it."""
    return ".".join(part for part in (_module(cls), cls.__qualname__) if part)


def _module(function: Any) -> str:
    name = getattr(function, "__module__", None) or ""
    return "" if name == MODULE else name


def _sort(value: Any, function: Any) -> str:
    if isinstance(value, functools.partial):
        return "partial"
    if inspect.isclass(value):
        return "class"
    if inspect.isbuiltin(value):
        return "builtin"
    if inspect.ismethod(value):
        return "method"
    if not inspect.isfunction(value):
        return "object"
    # A coroutine is awaited wherever it hides, a generator is only driven when the outermost callable is one.
    if inspect.isgeneratorfunction(value) or inspect.isasyncgenfunction(function):
        return "generator"
    if inspect.iscoroutinefunction(function):
        return "async"
    return "lambda" if function.__name__ == "<lambda>" else "function"


@functools.lru_cache(maxsize=64)
def _def_lines(path: str) -> dict[int, int]:
    """First line of a definition, that of its first decorator, to the line of its `def`."""
    try:
        with open(path, "rb") as source:
            tree = ast.parse(source.read())
    except (OSError, SyntaxError, ValueError):
        return {}
    return {
        node.decorator_list[0].lineno: node.lineno
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.decorator_list
    }
