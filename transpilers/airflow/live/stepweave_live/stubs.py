"""Fabricates the modules that the user's file imports and this environment lacks, so that the file can be read.

A finder of last resort: what is installed, or lies beside the file, is found before. Only imports that stand in the
user's own code are helped: an installed library that tries for an optional package is told the truth.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from .engine import engine
from .fabricated import Fabricated, asks_for_import, from_users_code, notes, plain
from .facts import MARK, elsewhere
from .operators import decorator, known, operator

#: What asks the database: module, class and method, by the version of Airflow.
ANSWERS = {
    2: (
        ("airflow.models", "Variable", "get"),
        ("airflow.hooks.base", "BaseHook", "get_connection"),
        ("airflow.models", "Connection", "get_connection_from_secrets"),
    ),
    3: (
        ("airflow.models.variable", "Variable", "get"),
        ("airflow.sdk", "Variable", "get"),
        ("airflow.sdk", "BaseHook", "get_connection"),
        ("airflow.sdk", "Connection", "get"),
    ),
}


class Stub(ModuleType):
    """A module of which nothing is known: it has every name."""

    stepweave_fabricated = True

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return []
        if name.startswith("__"):
            raise AttributeError(name)
        made = _named(f"{self.__name__}.{name}")
        setattr(self, name, made)
        return made


class Finder(MetaPathFinder, Loader):
    """Finds what nothing else finds."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        parent = sys.modules.get(fullname.rpartition(".")[0])
        if not isinstance(parent, Stub) and not asks_for_import():
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        notes.modules.add(spec.name)
        made = Stub(spec.name)
        made.__path__ = []
        return made

    def exec_module(self, module: ModuleType) -> None:
        return None


def install() -> None:
    """Fabricate from now on, for the rest of this process."""
    sys.meta_path.append(Finder())
    _lenient_decorators()
    _lenient_mapping()
    _lenient_moves()
    _fabricated_answers()


def begin() -> None:
    """Forget what was noted and fabricated for the file before."""
    notes.__init__()
    for name in [name for name, module in sys.modules.items() if isinstance(module, Stub)]:
        parent, _, short = name.rpartition(".")
        if parent in sys.modules and vars(sys.modules[parent]).get(short) is sys.modules[name]:
            delattr(sys.modules[parent], short)
        del sys.modules[name]


def found(path: str, shown: str) -> list[dict[str, Any]]:
    """What is to be said about the file that was just read, as faults."""
    said: list[dict[str, Any]] = []
    for name, how, place, line in dict.fromkeys(notes.decided):
        where = {"path": shown if place in ("", path) else place, "line": line}
        said.append({"sort": "decides", "message": plain(f"{how} depends on {name}"), "span": where})
    if notes.modules:
        outer = sorted(name for name in notes.modules if name.rpartition(".")[0] not in notes.modules)
        said.append({"sort": "fabricated", "message": ", ".join(outer), "span": {"path": shown}})
    return said


def _named(name: str) -> Any:
    real = elsewhere(name)
    if real is not None:
        return real
    short = name.rpartition(".")[2]
    if short[:1].isupper() and short.endswith(("Operator", "Sensor")):
        return operator(name)
    return Fabricated(name)


def _lenient_decorators() -> None:
    collection = known("TaskDecoratorCollection")
    real = collection.__getattr__

    def get(self: Any, name: str) -> Any:
        try:
            return real(self, name)
        except AttributeError:
            if name.startswith("__"):
                raise
            return decorator(name)

    collection.__getattr__ = get


def _lenient_moves() -> None:
    """Old names that Airflow hands on to a provider that is missing, or no longer knows."""
    tools = import_module("airflow.utils.deprecation_tools")
    strict: Any = tools.getattr_with_deprecation

    def get(imports: dict[str, str], module: str, *others: Any, **named: Any) -> Any:
        name: str = named["name"] if "name" in named else others[-1]
        try:
            return strict(imports, module, *others, **named)
        except (AttributeError, ImportError):
            if not name[:1].isupper():
                raise
            notes.modules.add(module)
            return _named(imports.get(name, f"{module}.{name}"))

    vars(tools)["getattr_with_deprecation"] = get
    for module in list(sys.modules.values()):
        made: Any = getattr(module, "__dict__", {}).get("__getattr__")
        if isinstance(made, functools.partial) and made.func is strict:
            vars(module)["__getattr__"] = functools.partial(get, *made.args, **made.keywords)


def _lenient_mapping() -> None:
    """`partial` and `expand` of a fabricated class take every argument, as its constructor does."""
    names = (engine().operator.__module__, engine().mapped.__module__)
    users = [vars(sys.modules[name]) for name in names]
    strict = users[1]["validate_mapping_kwargs"]

    def validate(op: Any, func: Any, value: dict[str, Any]) -> None:
        if not getattr(op, MARK, False):
            strict(op, func, value)

    for module in users:
        module["validate_mapping_kwargs"] = validate


def _fabricated_answers() -> None:
    """Variables and connections that the file asks for while it is read: there is no database to have them."""
    for place, name, method in ANSWERS[engine().major]:
        owner = getattr(import_module(place), name)
        real: Any = getattr(owner, method)

        def answer(asked: Any, *args: Any, _said: str = f"{name}.{method}", _real: Any = real, **kwargs: Any) -> Any:
            return Fabricated(f"{_said}({asked!r})") if from_users_code() else _real(asked, *args, **kwargs)

        setattr(owner, method, staticmethod(answer))
