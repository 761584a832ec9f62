"""`BaseOperator`: what the code of a task reads of Airflow's, and a clear error for all else of it.

Read from `sdk/bases/operator.py` of Airflow 3.3 and `models/baseoperator.py` of 2.11.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import Any, ClassVar, TypeVar

from handler.context.current import get_current_context
from handler.context.missing import Absent, missing
from handler.context.objects import Task
from handler.operators.names import ARGUMENTS, FROM_TASK, LACKING

Decorated = TypeVar("Decorated")


class Later(Absent):
    """The output of another task in an argument: rendering the field that holds it gives its value, as in Airflow."""

    def __init__(self, name: str, value: Any) -> None:
        super().__init__(f"the value of {name} before it is rendered")
        self._value = value

    def __bool__(self) -> bool:
        return True

    def resolve(self, _: Any) -> Any:
        """The value."""
        return self._value


class BaseOperator:
    """The base of an operator class that ships."""

    template_fields: Collection[str] = ()
    template_ext: Sequence[str] = ()
    template_fields_renderers: ClassVar[dict[str, str]] = {}
    operator_extra_links: Collection[Any] = ()
    ui_color = "#fff"
    ui_fgcolor = "#000"
    #: What the compiler knows of the task; only one that Airflow itself would run has it.
    _task: Task | None = None

    def __init__(self, *, task_id: str = "", **kwargs: Any) -> None:
        unknown = sorted(set(kwargs) - ARGUMENTS)
        if unknown:
            raise TypeError(f"Invalid arguments were passed to {type(self).__name__} (task_id: {task_id}): {unknown}")
        self.task_id = self._task.task_id if self._task is not None else task_id

    @property
    def log(self) -> logging.Logger:
        """The logger of the class."""
        return logging.getLogger(f"airflow.task.operators.{type(self).__module__}.{type(self).__name__}")

    @property
    def task_type(self) -> str:
        """The name of the class."""
        return type(self).__name__

    def pre_execute(self, context: Any) -> None:
        """Called before `execute`."""

    def execute(self, context: Any) -> Any:
        """What the task does."""
        raise NotImplementedError

    def post_execute(self, context: Any, result: Any = None) -> None:
        """Called after `execute`."""

    def on_kill(self) -> None:
        """Called when the time of a try is over."""

    def render_template(
        self, content: Any, context: Any, jinja_env: Any = None, seen_oids: set[int] | None = None
    ) -> Any:
        """A template, or templates in a collection, rendered with the values of `context`."""
        from handler.context.templates import render_content

        task: Any = self
        seen = set[int]() if seen_oids is None else seen_oids
        return render_content(content, context, task, jinja_env or self.get_template_env(), seen)

    def get_template_env(self, dag: Any = None) -> Any:
        """Jinja's environment for its templates."""
        return (dag or self.dag).get_template_env()

    def __getattr__(self, name: str) -> Any:
        if name in FROM_TASK and self._task is not None:
            return getattr(self._task, name)
        if name in FROM_TASK or name in LACKING:
            raise missing(f"{type(self).__name__}.{name}")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __repr__(self) -> str:
        return f"<Task({type(self).__name__}): {self.task_id}>"

    __str__ = __repr__


def apply_defaults(function: Decorated) -> Decorated:
    """What Airflow 1 asked for above constructors, and later does by itself."""
    return function


__all__ = ["BaseOperator", "Later", "apply_defaults", "get_current_context"]
