"""Runs an operator's class as Airflow's task runner does: made, its fields rendered, `execute` called.

Source: `_execute_task` of `sdk/execution_time/task_runner.py`, `Templater._do_render_template_fields`; for 2.11
`_execute_task` of `models/taskinstance.py`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, cast

from handler.context.current import current
from handler.context.instance import TaskInstance2
from handler.context.mapping import Context
from handler.context.templates import render_content
from handler.dispatch import Call
from handler.errors import InvalidEvent, TimedOut
from handler.json_types import JsonObject
from handler.operators.base import BaseOperator, Later


def run(cls: Any, call: Call, told: JsonObject) -> object:
    """What `execute` returns. `told`: `later`, names of arguments that hold outputs of tasks, and `settled`, names of
    mapped arguments that came from outputs, which are not rendered again.
    """
    context = call.context
    if context is None or not (isinstance(cls, type) and issubclass(cls, BaseOperator)):
        raise InvalidEvent("component_config.operator: a class of operators is expected, and the run's context")
    with current(context):
        made = _made(cls, call, context, told)
        settled = told.get("settled")
        _render(
            made,
            context,
            {id(call.kwargs[str(name)]) for name in settled if name in call.kwargs}
            if isinstance(settled, list)
            else set(),
        )
        try:
            return _executed(made, context)
        except TimedOut:
            made.on_kill()
            raise


def _made(cls: type[BaseOperator], call: Call, context: Context, told: JsonObject) -> BaseOperator:
    later = told.get("later")
    names = later if isinstance(later, list) else []
    kwargs: dict[str, Any] = {
        name: Later(name, value) if name in names else value for name, value in call.kwargs.items()
    }
    task = context["task"]
    made = cls.__new__(cls)
    object.__setattr__(made, "_task", task)
    parameters = inspect.signature(cls.__init__).parameters
    if "task_id" not in kwargs and (
        "task_id" in parameters or any(one.kind is one.VAR_KEYWORD for one in parameters.values())
    ):
        kwargs["task_id"] = task.task_id
    made.__init__(**kwargs)
    context["task"] = made
    context["ti"].task = made
    return made


def _render(made: BaseOperator, context: Context, settled: set[int]) -> None:
    """Render the fields in their places; AttributeError for one that is not there."""
    fields = made.template_fields
    seen = settled
    environment: Any = None
    for name in [fields] if isinstance(fields, str) else fields:
        try:
            value = getattr(made, name)
        except AttributeError:
            what = f"{name!r} is configured as a template field"
            raise AttributeError(f"{what} but {type(made).__name__} does not have this attribute.") from None
        if isinstance(value, Later):
            setattr(made, name, value.resolve(context))
            continue
        if not _full(value):
            continue
        if environment is None:
            environment = made.get_template_env()
        if callable(value):
            given = cast("Callable[..., Any]", value)(context=context, jinja_env=environment)
        else:
            task: Any = made
            given = render_content(value, context, task, environment, seen)
        setattr(made, name, given)


def _full(value: Any) -> bool:
    """What cannot tell whether it is empty is rendered."""
    try:
        return bool(value)
    except Exception:
        return True


def _executed(made: BaseOperator, context: Context) -> object:
    cls = type(made)
    if cls.pre_execute is not BaseOperator.pre_execute:
        made.pre_execute(context)
    result = made.execute(context)
    if cls.post_execute is not BaseOperator.post_execute:
        # Airflow 3 does not tell the method what was returned.
        told = {"result": result} if isinstance(context["ti"], TaskInstance2) else {}
        made.post_execute(context, **told)
    return result
