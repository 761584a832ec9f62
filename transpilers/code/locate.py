"""Finds the definition a request means: by qualified name, and by line where the name is not unique."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from transpilers.code.source import Module, Unit
from transpilers.code.syntax import Definition, Scope, path_of, starts_at

LOCALS = "<locals>"
LAMBDA = "<lambda>"
PARTIAL = "<partial>"


class NotFound(Exception):
    """No definition, or no single one, fits the request."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a definition stands: the scopes around it, outermost first, and its dotted name within the last one."""

    node: Definition | ast.Lambda | ast.Call
    scopes: tuple[Scope, ...]
    path: tuple[str, ...]
    qualname: str


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be taken out: a unit of the module, or a node inside one; `attributes` lead on to the callable."""

    found: Unit | Place
    attributes: tuple[str, ...] = ()


def locate(module: Module, qualname: str, line: int) -> Target:
    """Raises NotFound, with the reason as its message."""
    name = qualname.rpartition(".")[2]
    if name in (LAMBDA, PARTIAL):
        return Target(_expression(module, name, line))
    places = [place for place in _all_places(module.tree) if place.qualname == qualname]
    fitting = [place for place in places if isinstance(place.node, Definition) and starts_at(place.node, line)]
    if not fitting and places:
        # Without a line the last definition counts, as it does when the module runs.
        if line and len(places) > 1:
            raise NotFound(f"none of its definitions starts at line {line}")
        fitting = places[-1:]
    if fitting:
        return _outermost(module, fitting[-1])
    first, *attributes = qualname.split(".")
    units = module.binders.get(first, ())
    if LOCALS in qualname or not units:
        raise NotFound("nothing of that name is defined there")
    return Target(units[-1], tuple(attributes))


def _outermost(module: Module, place: Place) -> Target:
    """A method is taken out with its class."""
    outer, attributes = place, place.path[1:]
    if attributes:
        outer = next(
            each
            for each in _all_places(module.tree)
            if each.path == place.path[:1] and each.scopes == place.scopes and _contains(each.node, place.node)
        )
    units = (unit for unit in module.units if outer.node in unit.nodes)
    return Target(next(units, outer), attributes)


def _contains(outer: ast.AST, inner: ast.AST) -> bool:
    return any(node is inner for node in ast.walk(outer))


def _expression(module: Module, name: str, line: int) -> Place:
    wanted = [place for place in _all_places(module.tree) if place.qualname.rpartition(".")[2] == name]
    found = [place for place in wanted if place.node.lineno == line] or [
        place for place in wanted if place.node.lineno <= line <= (place.node.end_lineno or 0)
    ]
    if not found:
        raise NotFound(f"none starts at line {line}")
    if len({ast.dump(place.node) for place in found}) > 1:
        raise NotFound(f"line {line} has {len(found)} of them, which cannot be told apart")
    return found[0]


def _name(node: Definition | ast.Lambda) -> str:
    return LAMBDA if isinstance(node, ast.Lambda) else node.name


# Asked once for each callable of a file; a tree is compared by identity.
@lru_cache(maxsize=32)
def _all_places(tree: ast.Module) -> tuple[Place, ...]:
    return tuple(_places(tree))


def _places(
    node: ast.AST, scopes: tuple[Scope, ...] = (), path: tuple[str, ...] = (), outside: str = ""
) -> Iterator[Place]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.ClassDef():
                inner = (*path, child.name)
                yield Place(child, scopes, inner, outside + ".".join(inner))
                yield from _places(child, scopes, inner, outside)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                inner = (*path, _name(child))
                qualname = outside + ".".join(inner)
                yield Place(child, scopes, inner, qualname)
                yield from _places(child, (*scopes, child), (), f"{qualname}.{LOCALS}.")
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                yield from _places(child, (*scopes, child), path, outside)
            case ast.Call() if path_of(child.func)[-1:] == ("partial",):
                yield Place(child, scopes, (*path, PARTIAL), outside + PARTIAL)
                yield from _places(child, scopes, path, outside)
            case _:
                yield from _places(child, scopes, path, outside)
