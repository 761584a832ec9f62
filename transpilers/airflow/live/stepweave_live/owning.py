"""The user's own operator classes to `call.OwnClass`: where they are defined, and what their constructors got."""

from __future__ import annotations

import ast
import functools
import inspect
import sys
from collections.abc import Collection
from typing import Any

from .callables import SORTS, class_name
from .engine import engine
from .frames import MODULE, Frames
from .values import Values

LIBRARIES = ("site-packages", "dist-packages")
#: Given by the structure of the DAG, or merged.
STRUCTURE = frozenset({"dag", "task_group", "default_args"})


def own_class(
    task: Any,
    cls: type[Any],
    given: dict[str, Any],
    told: Collection[str],
    defaults: set[str],
    values: Values,
    frames: Frames,
) -> dict[str, Any] | None:
    """What is known of a class that the user wrote, None for a library's.

    `given`: what its constructor, or `partial`, was called with, `default_args` among it; `told`: what the file passed;
    `defaults`: names in `default_args`.
    """
    order = [one for one in cls.__mro__ if one is not object and one.__module__ not in ("abc", "typing")]
    written = [one for one in order if _file(one, frames)]
    if cls not in written:
        return None
    init = next((one for one in order if "__init__" in vars(one)), None)
    takes = _takes(init) if init in written else None
    named = {parameter["name"] for parameter in takes or ()}
    passed = {name for name in given if name not in STRUCTURE and (name in told or name in named)}
    inner = {one["name"] for each in written for one in (_takes(each) if "__init__" in vars(each) else ())}
    if isinstance(task, engine().mapped):
        # What the file maps is made when the task runs, and only then the defaults reach its constructors.
        defaulted = (inner | named) & defaults - set(given) - _mapped(task)
    else:
        defaulted = inner & defaults & set(given) - named - frames.passed(task)
    above = [base for one in written for base in one.__bases__ if base in order and base not in written]
    fields: Any = getattr(cls, "template_fields", ())
    suffixes: Any = getattr(cls, "template_ext", ())
    names: list[Any] = list(fields) if isinstance(fields, (list, tuple, set, frozenset)) else [None]  # pyright: ignore
    plain = all(type(one) is str for one in names)
    return {
        "classes": [_place(one, frames) for one in written],
        "bases": list(dict.fromkeys(class_name(base) for base in above)),
        "takes": takes,
        "given": values.mapping({name: given[name] for name in sorted(passed)}),
        "fields": [fields] if isinstance(fields, str) else names if plain else None,
        "defaulted": sorted(defaulted),
        "suffixes": [suffixes] if isinstance(suffixes, str) else [str(one) for one in suffixes],
    }


def _mapped(task: Any) -> set[str]:
    value: Any = task.expand_input.value
    return set(value) if isinstance(value, dict) else set()  # pyright: ignore[reportUnknownArgumentType]


def _takes(cls: type[Any] | None) -> list[dict[str, Any]]:
    signature = inspect.signature(vars(cls)["__init__"])
    return [{"name": name, "sort": SORTS[one.kind]} for name, one in list(signature.parameters.items())[1:]]


def _place(cls: type[Any], frames: Frames) -> dict[str, Any]:
    path = _file(cls, frames)
    found = {"kind": "code", "sort": "class", "nested": "<locals>" in cls.__qualname__}
    module = "" if cls.__module__ == MODULE else cls.__module__
    line = _lines(path).get(cls.__qualname__, 0)
    return {**found, "module": module, "qualname": cls.__qualname__, "span": frames.place(path, line)}


def _file(cls: type[Any], frames: Frames) -> str:
    """The user's file that a class is written in, "" for a library's."""
    if cls.__module__ == MODULE:
        return frames.path
    module = cls.__module__.partition(".")[0]
    path = getattr(sys.modules.get(cls.__module__), "__file__", None) or ""
    library = module == "airflow" or any(f"/{folder}/" in path for folder in LIBRARIES)
    standard = module in getattr(sys, "stdlib_module_names", sys.builtin_module_names)
    written = not library and not standard and path.endswith(".py")
    return path if written and not issubclass(engine().operator, cls) else ""


@functools.lru_cache(maxsize=64)
def _lines(path: str) -> dict[str, int]:
    """The line of each class statement, by the qualified name of the class; of two the later one counts."""
    found: dict[str, int] = {}

    def walk(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                found[prefix + child.name] = child.lineno
                walk(child, f"{prefix}{child.name}.")
            elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                walk(child, f"{prefix}{child.name}.<locals>.")
            else:
                walk(child, prefix)

    try:
        with open(path, "rb") as source:
            walk(ast.parse(source.read()), "")
    except (OSError, SyntaxError, ValueError):
        return {}
    return found
