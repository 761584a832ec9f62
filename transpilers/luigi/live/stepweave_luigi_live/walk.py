"""From the roots through deps() to the whole tree, each task once by its id."""

# pyright: basic
# Luigi has types for a part of itself only.
from __future__ import annotations

import os
from typing import Any

from stepweave_luigi.describe import NotFound
from stepweave_luigi.parameters import NotFrozen

from .facts import Looks, NotTheSame, asks_the_clock, required, span_of, target_class, task_call
from .faults import fault
from .parameters_of import remember

#: A tree that never ends is stopped here.
MOST_TASKS = 1_000_000


def walk(roots: list[Any], faults: list[dict[str, Any]]) -> dict[str, Any]:
    """The roots' ids, all tasks in the order in which they are met, and the classes of their outputs."""
    looks = Looks()
    looks.install()
    remember()
    found: list[dict[str, Any]] = []
    classes: dict[type, str] = {}
    targets: dict[str, str] = {}
    inputs: list[str] = []
    left = list(dict.fromkeys(roots))
    seen = {task.task_id for task in left}
    for task in left:
        call = _call(task, looks, faults)
        if call is None:
            continue
        deps, call["deps"] = call["deps"], [one.task_id for one in call["deps"]]
        found.append(call)
        if call["external"]:
            inputs += _inputs(task)
        for one in deps:
            if one.task_id not in seen:
                seen.add(one.task_id)
                left.append(one)
        if len(left) > MOST_TASKS:
            faults.append(fault("requires", f"there are more than {MOST_TASKS:,} tasks", task.task_id))
            break
        if type(task) not in classes:
            classes[type(task)] = task.task_id
            for name in _target_classes(task):
                targets.setdefault(name, task.task_id)
    return {
        "inputs": inputs,
        "roots": [task.task_id for task in roots],
        "tasks": found,
        "targets": [{"class_name": name, "task": task} for name, task in targets.items()],
    }


def _call(task: Any, looks: Looks, faults: list[dict[str, Any]]) -> dict[str, Any] | None:
    before = looks.count
    try:
        structure, deps = ({"none": True}, []) if task.run is None else required(task)
    except NotTheSame as error:
        faults.append(fault("changes", str(error), task.task_id, span_of(type(task))))
        return None
    except Exception as error:
        faults.append(fault("requires", error, task.task_id, span_of(type(task))))
        return None
    looked = looks.count > before or asks_the_clock(task)
    try:
        call = task_call(task, structure, deps)
    except NotFrozen as error:
        faults.append(fault("parameter", str(error), task.task_id, span_of(type(task))))
        return None
    except NotFound as error:
        faults.append(fault("class", str(error), task.task_id, span_of(type(task))))
        return None
    call["deps"] = deps
    if looked:
        call["looks"] = True
    return call


def _inputs(task: Any) -> list[str]:
    """The local files that an external task stands for, and that are here."""
    from luigi.local_target import LocalTarget
    from luigi.task import flatten

    try:
        paths = [target.path for target in flatten(task.output()) if isinstance(target, LocalTarget)]
    except Exception:
        return []
    return [path for path in paths if os.path.isfile(path)]


def _target_classes(task: Any) -> list[str]:
    """The classes of a task's outputs; one whose output() fails here says so when it runs."""
    from luigi.task import flatten

    try:
        return [target_class(target) for target in flatten(task.output())]
    except Exception:
        return []
