"""Functions and classes to `call.CodeRef`: where they are defined, what they take, what they have captured."""

from __future__ import annotations

import ast
import builtins
import symtable
import sys
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from types import FunctionType

from core_compiler.diagnostics import Span
from transpilers.airflow import call as wire
from transpilers.airflow.static.functions import yields
from transpilers.airflow.static.graph.nodes import TaskFactory
from transpilers.airflow.static.library.packages import makes_nothing
from transpilers.airflow.static.machine import Machine
from transpilers.airflow.static.values import (
    Bound,
    Class,
    Function,
    Module,
    Partial,
    Ref,
    Scope,
    Unknown,
    Value,
)

Encode = Callable[[Value], wire.Value]
#: Functions of Python's own library that work on the output of a command.
STANDARD = frozenset({"ast.literal_eval", "json.dumps", "json.loads"})
Reference = Function | Bound | Partial | Class | TaskFactory | Ref


def code_ref(m: Machine, value: Reference, encode: Encode) -> wire.Value:
    """Any callable that has a name."""
    match value:
        case Function():
            inner = value.attributes.get("__wrapped__")
            if isinstance(inner, Function):
                return code_ref(m, inner, encode)
            if inner is not None:
                return wire.Unresolved("it wraps something that is not known")
            return _function(m, value, encode, _sort(value), ())
        case Bound():
            return _function(m, value.function, encode, "method", (value.receiver,))
        case TaskFactory(function=function):
            if isinstance(function, Unknown):
                return wire.Unresolved(function.reason, function.span)
            return _function(m, function, encode, "object", ())
        case Partial(function=function):
            if isinstance(function, Function):
                return _function(m, function, encode, "partial", ())
            if isinstance(function, Ref):
                module, _, name = function.name.rpartition(".")
                return wire.CodeRef(module=module, qualname=name, sort="partial")
            return wire.Unresolved("it is a partial of something unknown")
        case Class():
            return wire.CodeRef(
                module=value.module.name if value.module is not None else "",
                qualname=value.qualname,
                sort="class",
                span=_place(m, value.module, value.node.lineno),
            )
        case Ref():
            return _of_library(value)


def _of_library(value: Ref) -> wire.Value:
    module, _, name = value.name.rpartition(".")
    found = getattr(builtins, name, None)
    if module == "builtins" and callable(found):
        sort = "class" if isinstance(found, type) else "builtin"
        return wire.CodeRef(module=module, qualname=name, sort=sort, parameters=_signature(found))
    if value.name in sys.stdlib_module_names:
        return wire.ObjectCall("module", {"name": wire.Literal(value.name)})
    if value.name in STANDARD:
        function: FunctionType = getattr(import_module(module), name)
        place = Span(function.__code__.co_filename, function.__code__.co_firstlineno)
        return wire.CodeRef(module=module, qualname=name, span=place, parameters=_signature(function))
    # A name in capitals, or one inside a class, is a member of an enumeration or a constant.
    inside = module.rpartition(".")[2][:1].isupper()
    if name[:1].isupper() and not name.isupper() and not inside and makes_nothing(value.name):
        return wire.CodeRef(module=module, qualname=name, sort="class")
    return wire.Unresolved(f"it is {value.name}, which belongs to a library")


SORTS = {
    "POSITIONAL_ONLY": "positional",
    "POSITIONAL_OR_KEYWORD": "plain",
    "KEYWORD_ONLY": "keyword",
    "VAR_POSITIONAL": "args",
    "VAR_KEYWORD": "kwargs",
}


def _signature(function: Callable[..., object]) -> tuple[wire.Parameter, ...] | None:
    """The parameters of one of Python's own functions, None where Python does not tell them."""
    # Slow to import, and few files need it.
    import inspect

    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    found: list[wire.Parameter] = []
    for each in signature.parameters.values():
        default = None if each.default is inspect.Parameter.empty else wire.Literal(each.default)
        found.append(wire.Parameter(each.name, SORTS[each.kind.name], default))
    return tuple(found)


def _sort(function: Function) -> str:
    node = function.node
    if isinstance(node, ast.Lambda):
        return "lambda"
    if yields(node):
        return "generator"
    return "async" if isinstance(node, ast.AsyncFunctionDef) else "function"


def _function(m: Machine, function: Function, encode: Encode, sort: str, receiver: tuple[Value, ...]) -> wire.Value:
    module = function.scope.module
    node = function.node
    return wire.CodeRef(
        module=module.name if module is not None else "",
        qualname=function.qualname,
        sort=sort,
        span=_place(m, module, node.lineno),
        nested="<locals>" in function.qualname,
        parameters=_parameters(function, encode)[len(receiver) :],
        closure=_closure(function, encode),
    )


def _place(m: Machine, module: Module | None, line: int) -> Span | None:
    if module is None:
        return None
    return Span(m.shown if module is m.main else module.path, line)


def _parameters(function: Function, encode: Encode) -> tuple[wire.Parameter, ...]:
    given = function.node.args
    found: list[wire.Parameter] = []
    plain = [(each.arg, "positional") for each in given.posonlyargs] + [(each.arg, "plain") for each in given.args]
    first_default = len(plain) - len(function.defaults)
    for number, (name, sort) in enumerate(plain):
        default = encode(function.defaults[number - first_default]) if number >= first_default else None
        found.append(wire.Parameter(name, sort, default))
    if given.vararg is not None:
        found.append(wire.Parameter(given.vararg.arg, "args"))
    for each in given.kwonlyargs:
        known = each.arg in function.keyword_defaults
        default = encode(function.keyword_defaults[each.arg]) if known else None
        found.append(wire.Parameter(each.arg, "keyword", default))
    if given.kwarg is not None:
        found.append(wire.Parameter(given.kwarg.arg, "kwargs"))
    return tuple(found)


def _closure(function: Function, encode: Encode) -> dict[str, wire.Value]:
    """The values of a nested function's free variables, in the order of their names, as Python keeps them."""
    if function.scope.sort == "module":
        return {}
    found: dict[str, wire.Value] = {}
    for name in sorted(_free(function)):
        scope: Scope | None = function.scope
        while scope is not None and scope.sort != "module":
            if name in scope.names and scope.sort != "class":
                found[name] = encode(scope.names[name])
                break
            scope = scope.outer
    return found


def _free(function: Function) -> frozenset[str]:
    module = function.scope.module
    if module is None or not module.source:
        return frozenset()
    node = function.node
    name = "lambda" if isinstance(node, ast.Lambda) else node.name
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    table = _tables(module.source, module.path)
    return table.get((name, node.lineno)) or table.get((name, first)) or frozenset()


@lru_cache(maxsize=32)
def _tables(source: str, path: str) -> dict[tuple[str, int], frozenset[str]]:
    """Free variables of each function, by its name and first line."""
    found: dict[tuple[str, int], frozenset[str]] = {}
    try:
        pending = [symtable.symtable(source, path, "exec")]
    except (SyntaxError, ValueError, RecursionError):
        return found
    while pending:
        table = pending.pop()
        pending += table.get_children()
        if isinstance(table, symtable.Function):
            found[(table.get_name(), table.get_lineno())] = frozenset(table.get_frees())
    return found
