"""What `requires()` returns, as JSON over task ids: tasks in lists, tuples and dicts."""

# pyright: basic
# Luigi has types for a part of itself only.
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from handler.codec import decode, encode

Structure = dict[str, Any]


class NoStructure(ValueError):
    """`requires()` returned something else."""


def freeze_structure(value: Any, task_class: type) -> Structure:
    """The value with every task replaced by its id; generators become lists."""
    if isinstance(value, task_class):
        return {"task": value.task_id}  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    if value is None:
        return {"none": True}
    if type(value) is dict:
        items = cast("dict[Any, Any]", value).items()
        return {"dict": [[encode(key), freeze_structure(item, task_class)] for key, item in items]}
    if isinstance(value, (dict, str, bytes)) or not isinstance(value, Iterable):
        raise NoStructure(f"requires() has {type(value).__name__} in it")
    items = cast("Iterable[Any]", value)
    return {"tuple" if type(value) is tuple else "list": [freeze_structure(item, task_class) for item in items]}


def thaw_structure(structure: Structure, task: Callable[[str], Any]) -> Any:
    """The value again, its tasks made by `task`."""
    match structure:
        case {"task": str(name)}:
            return task(name)
        case {"dict": pairs}:
            return {decode(key): thaw_structure(item, task) for key, item in pairs}
        case {"tuple": items}:
            return tuple(thaw_structure(item, task) for item in items)
        case {"list": items}:
            return [thaw_structure(item, task) for item in items]
        case _:
            return None


def ids(structure: Structure) -> list[str]:
    """The ids of the tasks in it, in order, each once."""
    match structure:
        case {"task": str(name)}:
            found = [name]
        case {"dict": pairs}:
            found = [name for _, item in pairs for name in ids(item)]
        case {"tuple": items} | {"list": items}:
            found = [name for item in items for name in ids(item)]
        case _:
            found = []
    return list(dict.fromkeys(found))
