"""The user's modules: those that were imported, those that their code imports later, and what they need installed."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import os
import sys
from collections.abc import Iterator
from typing import Any

from .faults import is_foreign

_LARGEST = 256 * 1024
_OWN = ("handler", "stepweave_luigi", "stepweave_luigi_live", "__main__")


def collect(before: set[str]) -> tuple[list[dict[str, str]], list[str], list[str]]:
    """Files of the user's modules by path, the distributions they import, and names of files that cannot ship.

    `before`: modules that were there before the user's.
    """
    loaded = {name: path for name in set(sys.modules) - before if (path := _users(name))}
    texts: dict[str, str] = {}
    foreign: set[str] = set()
    left = dict(loaded)
    seen = set(left)
    while left:
        name, path = left.popitem()
        text = _read(path)
        texts[_place(name, path)] = text
        for imported in _imports(text, name, path):
            top = imported.split(".")[0]
            if imported in seen or top in sys.stdlib_module_names or top in _OWN:
                continue
            seen.add(imported)
            if found := _file_of(imported):
                left[imported] = found
            elif "." not in imported or not _file_of(top):
                foreign.add(top)
    data, odd = _data(loaded)
    files = [{"path": path, "text": text} for path, text in sorted((texts | data).items())]
    return files, distributions(foreign), odd


def _users(name: str) -> str | None:
    if name.split(".")[0] in _OWN:
        return None
    path = getattr(sys.modules.get(name), "__file__", None)
    return path if path and path.endswith(".py") and not is_foreign(os.path.abspath(path)) else None


def _file_of(name: str) -> str | None:
    """The file of a module of the user's that was perhaps not imported yet; its parents may be."""
    if name in sys.modules:
        return _users(name)
    try:
        found = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return None
    path = found.origin if found else None
    return path if path and path.endswith(".py") and not is_foreign(os.path.abspath(path)) else None


def _place(name: str, path: str) -> str:
    steps = name.split(".")
    return "/".join([*steps, "__init__.py"]) if os.path.basename(path) == "__init__.py" else "/".join(steps) + ".py"


def _read(path: str) -> str:
    import tokenize

    with tokenize.open(path) as file:
        return file.read()


def _imports(text: str, name: str, path: str) -> Iterator[str]:
    """Every module that the text may import, functions included; a name taken from a package may be one too."""
    package = name if os.path.basename(path) == "__init__.py" else name.rpartition(".")[0]
    yield from _parents(name)
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except SyntaxError:
        return
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _parents(alias.name)
                yield alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                steps = package.split(".")
                above = steps[: len(steps) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            if base:
                yield from _parents(base)
                yield base
                yield from (f"{base}.{alias.name}" for alias in node.names if alias.name != "*")


def _parents(name: str) -> list[str]:
    steps = name.split(".")
    return [".".join(steps[:count]) for count in range(1, len(steps))]


def _data(loaded: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Text files that lie in the user's packages, and names of those that are no text or too large."""
    found: dict[str, str] = {}
    odd: list[str] = []
    for name, path in loaded.items():
        if os.path.basename(path) != "__init__.py":
            continue
        folder = os.path.dirname(path)
        for entry in sorted(os.listdir(folder)):
            whole = os.path.join(folder, entry)
            if entry.startswith(".") or entry.endswith((".py", ".pyc", ".so")) or not os.path.isfile(whole):
                continue
            try:
                if os.path.getsize(whole) > _LARGEST:
                    raise ValueError("too large")
                with open(whole, encoding="utf-8", newline="") as file:
                    found["/".join([*name.split("."), entry])] = file.read()
            except (OSError, ValueError):
                odd.append(whole)
    return found, odd


def distributions(names: set[str]) -> list[str]:
    """Distributions of modules, Luigi's with them, as requirements."""
    owners = importlib.metadata.packages_distributions()
    found = {"luigi", *(owner for name in names for owner in owners.get(name, [])[:1])}
    pinned: list[Any] = []
    for name in sorted(found):
        try:
            pinned.append(f"{name}=={importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            pinned.append(name)
    return pinned
