"""A task as JSON, and back: its module and class, its frozen parameters."""

# pyright: basic
# Luigi has types for a part of itself only.
from __future__ import annotations

import copy
import importlib
from collections.abc import Mapping
from typing import Any

from stepweave_luigi.parameters import freeze, thaw, unchanged

Description = dict[str, Any]


class NotFound(LookupError):
    """A task cannot be made again from its description."""


def is_external(task: Any) -> bool:
    """Whether the task has nothing to run, as Luigi's worker asks."""
    return task.run is None or task.run == NotImplemented


def describe(task: Any) -> Description:
    """What makes the task again. Raises NotFrozen or NotFound."""
    cls = type(task)
    found: Description = {"module": cls.__module__, "name": cls.__qualname__, "params": freeze(task)}
    if is_external(task):
        found["external"] = True
    family = task.get_task_family()
    by_name = _by_name(found["module"], found["name"])
    if by_name is None or by_name.get_task_family() != family:
        found["family"] = family
        resolved(found)
    return found


def resolved(description: Mapping[str, Any]) -> Any:
    """The class. Raises NotFound where its module does not have it."""
    module, name, family = description["module"], description["name"], description.get("family")
    found = _by_name(module, name) if family is None else _registered(module, family)
    if found is None or found.__module__ != module:
        raise NotFound(f"{module} has no {name}: a task's class has to be at the top of its module")
    return found


def _by_name(module: str, name: str) -> Any:
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def _registered(module: str, family: str) -> Any:
    """A class that its module makes without a name of its own; one made in a function is not there in a new process."""
    from luigi.task_register import Register, TaskClassException

    importlib.import_module(module)
    try:
        found = Register.get_task_cls(family)
    except TaskClassException:
        return None
    return None if "<locals>" in found.__qualname__ else found


def make(description: Mapping[str, Any], task_id: str) -> Any:
    """The task. Raises NotFound where another comes out of it."""
    cls = resolved(description)
    task = cls(**thaw(cls, description["params"]))
    for name, value in unchanged(description["params"]).items():
        setattr(task, name, value)
        task.param_kwargs[name] = value
    if description.get("external") and not is_external(task):
        # Luigi keeps one instance a set of parameters, and another task may want it with its run().
        task = copy.copy(task)
        task.run = None
    if task.task_id != task_id:
        raise NotFound(f"the parameters of {task_id} make {task.task_id}: the task depends on what changes")
    return task
