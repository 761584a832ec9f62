"""`dag`, `task` and `dag_run`: what real code reads of them, from what the compiler knew and the run is.

Names and types are Airflow's (`DagRun` of `sdk/api/datamodels/_generated.py`, `DAG` and `BaseOperator` of the SDK).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, cast

from handler.codec import decode
from handler.context.missing import Model
from handler.context.moments import maybe
from handler.context.run import Run
from handler.context.settings import AIRFLOW_2, part, word
from handler.json_types import Json, JsonObject


class DagRunType(str, Enum):  # noqa: UP042 its text is DagRunType.MANUAL, as Airflow 3 writes it
    """Why there is a run."""

    BACKFILL = "backfill"
    SCHEDULED = "scheduled"
    MANUAL = "manual"
    OPERATOR_TRIGGERED = "operator_triggered"
    ASSET_TRIGGERED = "asset_triggered"
    ASSET_MATERIALIZATION = "asset_materialization"


class DagRunState(str, Enum):  # noqa: UP042
    """How far a run is: one with a task that runs is running."""

    RUNNING = "running"


class DagRun(Model):
    """The run. Its dates are pendulum's in Airflow 2 and the standard library's in 3, as there."""

    def __init__(self, run: Run, dag_id: str, dialect: str) -> None:
        date: Callable[[dt.datetime | None], Any] = maybe if dialect == AIRFLOW_2 else _plain
        self.dag_id = dag_id
        self.run_id = run.run_id
        self.conf: dict[str, Any] = dict(run.conf)
        self.run_type = run.run_type if dialect == AIRFLOW_2 else DagRunType(run.run_type)
        self.state = "running" if dialect == AIRFLOW_2 else DagRunState.RUNNING
        self.note = None
        self._date = date
        self._run = run
        self._second = dialect == AIRFLOW_2
        if dialect == AIRFLOW_2:
            self.external_trigger = run.run_type == "manual"
        else:
            self.clear_number = 0

    @property
    def moment(self) -> dt.datetime:
        """The logical date, or where there is none, the time after which it runs; in UTC."""
        return self._run.logical_date or self._run.run_after

    def __getattr__(self, name: str) -> Any:
        # Dates only when they are asked for, since pendulum is not there for everyone.
        run, interval = self._run, self._run.interval
        match name:
            case "logical_date":
                return self._date(run.logical_date)
            case "execution_date" if self._second:
                return self._date(run.logical_date)
            case "data_interval_start":
                return self._date(interval.start if interval else None)
            case "data_interval_end":
                return self._date(interval.end if interval else None)
            case "start_date" | "queued_at":
                return self._date(run.started)
            case "run_after" if not self._second:
                return self._date(run.run_after)
            case "end_date":
                return None
            case _:
                return super().__getattr__(name)

    def __repr__(self) -> str:
        return f"<DagRun {self.dag_id} @ {self.run_id}>"


class Dag(Model):
    """The DAG, by what the file says of it."""

    def __init__(self, settings: JsonObject, tasks: Callable[[str], Task]) -> None:
        self.dag_id = word(settings, "name")
        self.render_template_as_native_obj = False
        self._tasks = tasks
        self._names = list(part(settings, "tasks"))
        self.__dict__.update(_decoded(part(settings, "facts")))
        self.params = {name: _value(param) for name, param in part(settings, "params").items()}

    @property
    def task_ids(self) -> list[str]:
        """The ids of all tasks."""
        return list(self._names)

    def has_task(self, task_id: str) -> bool:
        """Whether there is such a task."""
        return task_id in self._names

    def get_task(self, task_id: str) -> Task:
        """A task by its id."""
        return self._tasks(task_id)

    def get_template_env(self, *, force_sandboxed: bool = False) -> Any:
        """Jinja's environment for the templates of its tasks."""
        from handler.context.templates import environment_of

        return environment_of(native=self.render_template_as_native_obj and not force_sandboxed)

    def __repr__(self) -> str:
        return f"<DAG: {self.dag_id}>"

    def __str__(self) -> str:
        return f"<DAG: {self.dag_id}>"


class Task(Model):
    """A task, by what the file says of it: known arguments are attributes."""

    def __init__(self, task_id: str, facts: JsonObject, dag: Callable[[], Dag]) -> None:
        self.task_id = task_id
        self.template_ext: Iterable[str] = ()
        self._dag = dag
        self.task_type = word(facts, "operator")
        self.operator_name = word(facts, "name") or self.task_type
        for name in ("upstream", "downstream"):
            found = facts.get(name)
            setattr(self, f"{name}_task_ids", {str(item) for item in found} if isinstance(found, list) else set())
        self.__dict__.update(_decoded(part(facts, "attributes")))
        self._own = part(facts, "params")

    @property
    def params(self) -> dict[str, Any]:
        """The defaults of the DAG's params and of its own."""
        return self._dag().params | {name: _value(param) for name, param in self._own.items()}

    @property
    def dag(self) -> Dag:
        """The DAG it is in."""
        return self._dag()

    @property
    def dag_id(self) -> str:
        """The id of the DAG it is in."""
        return self._dag().dag_id

    def get_template_env(self, dag: Dag | None = None) -> Any:
        """Jinja's environment for its templates."""
        return (dag or self._dag()).get_template_env()

    def render_template(
        self, content: Any, context: Any, jinja_env: Any = None, seen_oids: set[int] | None = None
    ) -> Any:
        """A template, or templates in a collection, rendered with the values of `context`."""
        from handler.context.templates import render_content

        return render_content(content, context, self, jinja_env or self.get_template_env(), seen_oids or set())

    def __repr__(self) -> str:
        return f"<Task({self.task_type}): {self.task_id}>"

    def __str__(self) -> str:
        return f"<Task({self.task_type}): {self.task_id}>"


def _plain(value: dt.datetime | None) -> dt.datetime | None:
    return value


def _decoded(tree: JsonObject) -> dict[str, Any]:
    return {name: decode(item) for name, item in tree.items()}


def _value(param: Json) -> Any:
    return decode(cast("JsonObject", param).get("value")) if isinstance(param, dict) else None
