"""What the wire says about one task."""

# pyright: basic
# Luigi has types for a part of itself only.
from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from stepweave_luigi.describe import describe, is_external
from stepweave_luigi.structure import NoStructure, freeze_structure, ids

from .configured import SECRET
from .faults import shown


class Looks:
    """Counts how often anything was asked whether it exists."""

    def __init__(self) -> None:
        self.count = 0

    def install(self) -> None:
        """Count from now on."""
        from luigi.local_target import LocalFileSystem
        from luigi.target import FileSystemTarget
        from luigi.task import Task

        local = [(LocalFileSystem, name) for name in ("exists", "listdir")]
        for cls, name in ((FileSystemTarget, "exists"), (Task, "complete"), *local):
            setattr(cls, name, self._counting(getattr(cls, name)))

    def _counting(self, original: Any) -> Any:
        @functools.wraps(original)
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.count += 1
            return original(*args, **kwargs)

        return counted


def asks_the_clock(task: Any) -> bool:
    """Whether it is a Range task, whose requires() gives what is missing up to now."""
    module = sys.modules.get("luigi.tools.range")
    return module is not None and isinstance(task, module.RangeBase)


class NotTheSame(ValueError):
    """requires() gives other tasks each time that it is asked."""


def required(task: Any) -> tuple[dict[str, Any] | None, list[Any]]:
    """What requires() returns, frozen (None where it cannot be), and all tasks that the task depends on.

    Raises NotTheSame where it returns something else when it is asked again.
    """
    from luigi.task import Task, flatten

    cls = type(task)
    plain = cls._requires is Task._requires and cls.deps is Task.deps
    returned = _materialised(task.requires())
    try:
        structure = freeze_structure(returned, Task)
        if freeze_structure(_materialised(task.requires()), Task) != structure:
            raise NotTheSame("requires() gives other tasks each time that it is asked")
    except NoStructure:
        structure = None
    found = flatten(returned) if plain else task.deps()
    return structure, list({one.task_id: one for one in _checked(found)}.values())


def _materialised(returned: Any) -> Any:
    """Every generator as a list, also within dicts, lists and tuples: it is read more than once."""
    from luigi.task import Task

    if type(returned) is dict:
        return {key: _materialised(value) for key, value in returned.items()}
    if type(returned) in (list, tuple):
        return type(returned)(map(_materialised, returned))
    if isinstance(returned, (Task, dict, list, tuple, str, bytes)) or not isinstance(returned, Iterable):
        return returned
    return list(map(_materialised, returned))


def _checked(found: list[Any]) -> list[Any]:
    from luigi.target import Target
    from luigi.task import Task

    for one in found:
        if isinstance(one, Target):
            raise TypeError("requires() can not return Target objects. Wrap it in an ExternalTask class")
        if not isinstance(one, Task):
            raise TypeError(f"requires() must return Task objects but {one!r} is a {type(one).__name__}")
    return found


def task_call(task: Any, structure: dict[str, Any] | None, deps: list[Any]) -> dict[str, Any]:
    """The task for the wire. Raises NotFrozen or NotFound."""
    external = is_external(task)
    found: dict[str, Any] = {
        "id": task.task_id,
        "family": task.get_task_family(),
        "description": describe(task),
        "external": external,
        "dynamic": not external and _is_generator(task.run),
        "disabled": bool(task.disabled),
        "span": span_of(type(task)),
    }
    names = [one.task_id for one in deps]
    if structure is not None:
        found["requires"] = structure
    if structure is None or ids(structure) != names:
        found["other_deps"] = True
    found["deps"] = names
    for name in ("retry_count", "worker_timeout", "disable_window", "disable_hard_timeout", "priority"):
        value = getattr(task, name)
        if value is not None:
            found[name] = value
    found["resources"] = {str(name): float(amount) for name, amount in (task.process_resources() or {}).items()}
    found["contrib"] = _contrib(type(task))
    found["secrets"] = list(_secrets(task))
    found["batched"] = list(type(task).batch_param_names())
    return found


def _secrets(task: Any) -> Iterator[str]:
    """Parameters that are private, or whose text is called as secrets are."""
    from luigi.parameter import ParameterVisibility

    for name, parameter in task.get_params():
        value = task.param_kwargs.get(name)
        private = parameter.visibility == ParameterVisibility.PRIVATE and value is not None
        if private or (isinstance(value, str) and value and SECRET.search(name)):
            yield name


def _contrib(cls: type) -> str:
    own = (one for one in cls.__mro__ if one.__module__.startswith("luigi.contrib."))
    return next((f"{one.__module__}.{one.__qualname__}" for one in own), "")


def _is_generator(run: Any) -> bool:
    return inspect.isgeneratorfunction(run) or inspect.isgeneratorfunction(inspect.unwrap(run))


@functools.cache
def span_of(cls: type) -> dict[str, Any] | None:
    """The line of a class statement."""
    try:
        path = inspect.getsourcefile(cls)
        line = inspect.getsourcelines(cls)[1]
    except (OSError, TypeError):
        return None
    return {"path": shown(path), "line": line} if path else None


def target_class(target: Any) -> str:
    """The full name of a target's class."""
    return f"{type(target).__module__}.{type(target).__qualname__}"
