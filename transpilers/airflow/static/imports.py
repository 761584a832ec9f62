"""Imports: modules below the root are read in turn; all others are names."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

from transpilers.airflow.static.library.catalogue import library_value
from transpilers.airflow.static.library.packages import PURE
from transpilers.airflow.static.machine import Machine, Outcome
from transpilers.airflow.static.sources import NotReadableError, below, source_of
from transpilers.airflow.static.values import Module, Ref, Scope, Value

#: Folders beside or above a DAG file that people put on Python's path.
FOLDERS = ("", "dags", "plugins", "src", "include", "config")
MODULES = 60
STANDARD = sys.stdlib_module_names
#: Never looked for among the user's files.
FOREIGN = STANDARD | PURE


def execute_import(m: Machine, node: ast.Import, scope: Scope) -> Outcome:
    """`import a.b as c`."""
    for name in node.names:
        first = name.name.partition(".")[0]
        module = _load(m, name.name, None, 0)
        top = module if name.asname else _load(m, first, None, 0)
        value: Value = top if top is not None else library_value(name.name if name.asname else first)
        if top is None:
            m.imported.add(name.name)
            _may_fail(m, name.name)
        m.touch(scope.names)
        scope.names[name.asname or first] = value
    return None


def execute_from(m: Machine, node: ast.ImportFrom, scope: Scope) -> Outcome:
    """`from a.b import c as d`."""
    name = node.module or ""
    module = _load(m, name, _package(m) if node.level else None, node.level)
    if module is None:
        m.imported.add(name)
        _may_fail(m, name)
    for each in node.names:
        if each.name == "*":
            _star(m, name, module, scope)
            continue
        m.touch(scope.names)
        scope.names[each.asname or each.name] = _imported(m, name, each.name, module, node)
    return None


def _imported(m: Machine, package: str, name: str, module: Module | None, node: ast.ImportFrom) -> Value:
    if module is None:
        if node.level:
            return m.unknown(f"{'.' * node.level}{package}.{name}", node)
        return library_value(f"{package}.{name}" if package else name)
    if name in module.scope.names:
        return module.scope.names[name]
    inside = _load(m, name, module, 1)
    return inside if inside is not None else m.unknown(f"{module.name}.{name}", node)


def _may_fail(m: Machine, name: str) -> None:
    if name.partition(".")[0] not in STANDARD:
        m.may_raise += 1


def _star(m: Machine, name: str, module: Module | None, scope: Scope) -> None:
    if module is None:
        scope.foreign.append(name)
        return
    wanted = module.scope.names.get("__all__")
    names = wanted if isinstance(wanted, (list, tuple)) else [key for key in module.scope.names if _public(key)]
    m.touch(scope.names)
    for each in names:
        if each in module.scope.names:
            scope.names[each] = module.scope.names[each]


def _public(name: Value) -> bool:
    return isinstance(name, str) and not name.startswith("_")


def _package(m: Machine) -> Module:
    return m.current


def load_module(m: Machine, name: str, beside: Module | None, level: int) -> Module | None:
    """The room's entry: see `_load`."""
    return _load(m, name, beside, level)


def _load(m: Machine, name: str, beside: Module | None, level: int) -> Module | None:
    """A module below the root, read if it has not been; None where there is none.

    With a `level`, the name is relative to the module `beside`.
    """
    if not level and (not name or name.partition(".")[0] in FOREIGN):
        return None
    for folder in _folders(m, beside, level):
        found = _find(m, folder, name)
        if found is not None:
            return _read(m, found, _full_name(name, beside, level))
    return None


def _folders(m: Machine, beside: Module | None, level: int) -> list[str]:
    start = beside.path if beside is not None else m.path
    folder = os.path.dirname(start)
    if level:
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        return [folder]
    found: list[str] = []
    root = str(m.root)
    while folder.startswith(root):
        found += [os.path.join(folder, inner) if inner else folder for inner in FOLDERS]
        if folder == root or os.path.dirname(folder) == folder:
            break
        folder = os.path.dirname(folder)
    return found + [each for each in m.search if each.startswith(root)]


def _full_name(name: str, beside: Module | None, level: int) -> str:
    if not level or beside is None:
        return name
    package = beside.name if beside.path.endswith("__init__.py") else beside.name.rpartition(".")[0]
    for _ in range(level - 1):
        package = package.rpartition(".")[0]
    return ".".join(part for part in (package, name) if part)


def _find(m: Machine, folder: str, name: str) -> Path | None:
    base = os.path.join(folder, *name.split(".")) if name else folder
    for candidate in (f"{base}.py" if name else "", os.path.join(base, "__init__.py")):
        if candidate and candidate != m.path and os.path.isfile(candidate):
            return below(str(m.root), candidate)
    if name and os.path.isdir(base) and any(entry.endswith(".py") for entry in os.listdir(base)):
        return below(str(m.root), base)
    return None


def _read(m: Machine, path: Path, name: str) -> Module | None:
    key = str(path)
    if key in m.modules:
        return m.modules[key]
    if len(m.modules) >= MODULES:
        return None
    module = Module(name, key if path.suffix else os.path.join(key, "__init__.py"))
    module.scope = Scope(module)
    m.modules[key] = module
    module.scope.names["__name__"] = name
    module.scope.names["__file__"] = module.path
    module.scope.names["__doc__"] = None
    if not path.is_file():
        return module
    try:
        module.source = source_of(path)
        module.tree = ast.parse(module.source)
    except (NotReadableError, SyntaxError, ValueError, RecursionError, MemoryError):
        del m.modules[key]
        return None
    before, stacks = m.current, (m.dag_stack, m.group_stack)
    m.dag_stack, m.group_stack = [], []
    with m.inside(module, module.tree):
        m.block(module.tree.body, module.scope)
    m.current, (m.dag_stack, m.group_stack) = before, stacks
    return module


def is_library(value: Value) -> bool:
    """Whether a value is a name of a library."""
    return isinstance(value, Ref)
