"""Runs the command that a Python callable returns, with the meaning of Airflow's `@task.bash`.

Source: `decorators/bash.py` of apache-airflow-providers-standard 1.21 and of Airflow 2.11. What the callable returns
goes through the templates, and so do all fields once more, though they have been through them.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import cast

from handler.components.shell import run_settings
from handler.context.calling import call_with
from handler.context.current import current
from handler.context.instance import TaskInstance2
from handler.context.mapping import Context
from handler.context.objects import Task
from handler.dispatch import Call
from handler.errors import InvalidEvent
from handler.json_types import JsonObject

#: Marks the arguments that are the shell's.
PREFIX = "shell."
MARKS = ("{{", "{%", "{#", "\r")


def run(function: Callable[..., object], call: Call, settings: JsonObject) -> object:
    """What the command leaves. TypeError where the callable returns no command."""
    context = call.context
    if context is None:
        raise InvalidEvent("component_config.shell: the run's context is expected")
    given = {name.removeprefix(PREFIX): value for name, value in call.kwargs.items() if name.startswith(PREFIX)}
    kwargs = {name: value for name, value in call.kwargs.items() if not name.startswith(PREFIX)}
    # In Airflow 3 templates see the arguments of the callable by their names.
    second = isinstance(context["ti"], TaskInstance2)
    seen = copy.copy(context) if second else context
    command = call_with(function, call._replace(kwargs=kwargs), context)
    if not isinstance(command, str) or not command.strip():
        raise TypeError("The returned value from the TaskFlow callable must be a non-empty string.")
    fields = {name: settings.get(name) for name in ("env", "cwd") if settings.get(name) is not None} | given
    # The arguments too, since a template among them that cannot be rendered fails the task.
    again = {"args": call.args, "kwargs": kwargs, "command": command, **fields}
    rendered = {name: _rendered(value, seen) for name, value in again.items()}
    if second and "env" in fields:
        # Airflow 2 has taken it by then.
        rendered["env"] = fields["env"]
    del rendered["args"], rendered["kwargs"]
    with current(context):
        return run_settings(settings, rendered, call.limit)


def _rendered(value: object, context: Context) -> object:
    task: Task = context["task"]
    native = task.dag.render_template_as_native_obj
    if not value or (not native and _settled(value, tuple(task.template_ext))):
        return value
    return task.render_template(value, context)


def _settled(value: object, suffixes: tuple[str, ...]) -> bool:
    """Whether Jinja would give it back as it is, so that it need not be loaded."""
    match value:
        case None | bool() | int() | float():
            return True
        case str():
            return not value.endswith(("\n", *suffixes)) and not any(mark in value for mark in MARKS)
        case dict():
            return all(_settled(item, suffixes) for item in cast("dict[object, object]", value).values())
        case list() | tuple():
            return all(_settled(item, suffixes) for item in cast("list[object]", value))
        case _:
            return False
