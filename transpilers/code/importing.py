"""What an import leads to: a file of the project, a library, or something that does not ship."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from transpilers.code.imports import STAR, Imported, imports_in
from transpilers.code.project import Project
from transpilers.code.source import Kind, Module

Parts = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that does not ship, by its full name."""

    origin: str


@dataclass(frozen=True, slots=True)
class Library:
    """A module that is neither the project's nor the standard library's."""

    name: str


@dataclass(frozen=True, slots=True)
class Local:
    """A file of the project and the names needed of it; None for all of them."""

    path: Path
    names: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Missing:
    """A module of the project that is not there; without a name, one that would lie outside it."""

    module: str


Lead = Refused | Library | Local | Missing


def leads_of(project: Project, importer: Module, each: Imported, parts: Parts) -> Iterator[Lead]:
    """What an import leads to. `parts`: what follows the bound name where it is used; `()` for the name alone.

    Nothing for what another name stands in for, and for the standard library.
    """
    policy = project.policy
    if not each.module or each.origin in policy.replacements:
        yield from () if each.module else (Missing(""),)
    elif policy.refuses(each.origin) or policy.refuses(each.module):
        yield from _refused(each, parts)
    elif each.name is None:
        yield from _plain(project, importer, each, parts)
    else:
        yield from _from(project, importer, each, each.name, parts)


def obstacle(module: Module) -> Imported | None:
    """The first import of the module, at any depth, that keeps it from shipping as it is."""
    found = imports_in([module.tree], module.package)
    return next((each for each in found if not each.typing and module.policy.refuses(each.origin)), None)


def exports(module: Module) -> frozenset[str] | None:
    """What `from module import *` binds; None where its `__all__` is not a literal."""
    units = module.binders.get("__all__", ())
    if not units:
        return frozenset(name for name in module.binders if not name.startswith("_"))
    value = units[0].nodes[0]
    if len(units) > 1 or not isinstance(value, ast.Assign):
        return None
    try:
        return frozenset(map(str, ast.literal_eval(value.value)))
    except (ValueError, TypeError):
        return None


def _refused(each: Imported, parts: Parts) -> Iterator[Lead]:
    """A name of a package is said by its full name; a package by what is used of it."""
    for part in (sorted(parts) if each.name is None else ()) or [()]:
        yield Refused(".".join([each.origin, *part]))


def _plain(project: Project, importer: Module, each: Imported, parts: Parts) -> Iterator[Lead]:
    names = each.module.split(".")
    prefixes = [".".join(names[:width]) for width in range(1, len(names) + 1)]
    if not any(project.find(prefix, importer) for prefix in prefixes):
        yield from _library(each.module)
        return
    if project.find(each.module, importer) is None:
        yield Missing(each.module)
    for prefix in prefixes:
        yield from _of_module(project, importer, prefix, frozenset())
    yield from _of_module(project, importer, each.origin, parts)


def _from(project: Project, importer: Module, each: Imported, name: str, parts: Parts) -> Iterator[Lead]:
    path = project.find(each.module, importer)
    inner = f"{each.module}.{name}"
    below = project.find(inner, importer) if name != STAR else None
    if path is None and below is None:
        missing = each.relative and not _is_folder(project, each.module)
        yield from [Missing(each.module)] if missing or _is_ours(project, importer, each) else _library(each.module)
        return
    bound = path is not None and name in project.module(path).binders
    if below is not None and not bound:
        yield from _of_module(project, importer, each.module, frozenset())
        yield from _of_module(project, importer, inner, parts)
    elif path is not None:
        yield Local(path, None if name == STAR else frozenset({name}))


def _of_module(project: Project, importer: Module, name: str, parts: Parts) -> Iterator[Lead]:
    """What is needed of a module and those below it, by what follows its name."""
    path = project.find(name, importer)
    if path is not None:
        yield Local(path, frozenset())
    for part in sorted(parts):
        module, rest = name, list(part)
        while rest and project.find(f"{module}.{rest[0]}", importer):
            module = f"{module}.{rest.pop(0)}"
        found = project.find(module, importer)
        if found is not None:
            yield Local(found, frozenset(rest[:1]) if rest else None)


def _library(module: str) -> Iterator[Lead]:
    top = module.partition(".")[0]
    if top not in sys.stdlib_module_names:
        yield Library(top)


def _is_ours(project: Project, importer: Module, each: Imported) -> bool:
    """Whether a module that is not there belongs to a package of the project."""
    top, dot, _ = each.module.partition(".")
    return bool(dot) and project.find(top, importer) is not None


def _is_folder(project: Project, module: str) -> bool:
    return project.root.joinpath(*module.split(".")).is_dir()


def is_plain_import(module: Module, name: str) -> bool:
    """Whether all that binds a name at module level are import statements."""
    units = module.binders.get(name, ())
    return bool(units) and all(unit.kind in (Kind.IMPORT, Kind.TYPING, Kind.FUTURE) for unit in units)
