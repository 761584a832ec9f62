"""`dag`, `task` and `dag_run`: what real code reads of them, from what the compiler knew and the run is.

Names and types are Airflow's (`DagRun` of `sdk/api/datamodels/_generated.py`, `DAG` and `BaseOperator` of the SDK).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, cast

from handler.codec import decode
from handler.context.missing import Model, missing
from handler.context.run import Run
from handler.context.settings import AIRFLOW_2, AIRFLOW_3, part, word
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


class TriggerRule(str, Enum):  # noqa: UP042 its text is TriggerRule.ALL_DONE, as Airflow 3 writes it
    """What a task asks of those before it."""

    ALL_SUCCESS = "all_success"
    ALL_FAILED = "all_failed"
    ALL_DONE = "all_done"
    ALL_DONE_MIN_ONE_SUCCESS = "all_done_min_one_success"
    ALL_DONE_SETUP_SUCCESS = "all_done_setup_success"
    ONE_SUCCESS = "one_success"
    ONE_FAILED = "one_failed"
    ONE_DONE = "one_done"
    NONE_FAILED = "none_failed"
    NONE_SKIPPED = "none_skipped"
    ALWAYS = "always"
    NONE_FAILED_MIN_ONE_SUCCESS = "none_failed_min_one_success"
    ALL_SKIPPED = "all_skipped"


class DagRun(Model):
    """The run. Its dates are the standard library's, as they are where Airflow reads a run out of its database."""

    def __init__(self, run: Run, dag_id: str, dialect: str) -> None:
        interval = run.interval
        self.dag_id = dag_id
        self.run_id = run.run_id
        self.conf: dict[str, Any] = dict(run.conf)
        self.run_type = run.run_type if dialect == AIRFLOW_2 else DagRunType(run.run_type)
        self.state = "running" if dialect == AIRFLOW_2 else DagRunState.RUNNING
        self.note = None
        self.logical_date = run.logical_date
        self.data_interval_start = interval.start if interval else None
        self.data_interval_end = interval.end if interval else None
        self.start_date = run.started
        self.end_date = None
        self.clear_number = 0
        self._run = run
        if dialect == AIRFLOW_2:
            self.execution_date = run.logical_date
            self.external_trigger = run.run_type == "manual"
            self.is_backfill = run.run_type == "backfill"
        else:
            self.run_after = run.run_after
            self.partition_key = self.partition_date = None

    @property
    def moment(self) -> dt.datetime:
        """The logical date, or where there is none, the time after which it runs; in UTC."""
        return self._run.logical_date or self._run.run_after

    @property
    def settled(self) -> dt.datetime:
        """The end of the data interval, or where there is none, the time after which it runs; in UTC."""
        return self.data_interval_end or self._run.run_after

    def __repr__(self) -> str:
        return f"<DagRun {self.dag_id} @ {self.run_id}>"


class Dag(Model):
    """The DAG, by what the file says of it."""

    def __init__(self, settings: JsonObject, tasks: Callable[[str], Task], overrides: JsonObject) -> None:
        self.dag_id = word(settings, "name")
        self.render_template_as_native_obj = False
        self._tasks = tasks
        self._known = frozenset(part(settings, "tasks"))
        order = settings.get("order")
        self._names = [str(name) for name in order] if isinstance(order, list) else [*self._known]
        self.__dict__.update(_decoded(part(settings, "facts")))
        self._declared = part(settings, "params")
        self._overrides = overrides
        # Those of Airflow 2 are changed when the run's are made, as those of a task are in both.
        second = word(settings, "dialect") == AIRFLOW_2
        self.params = {
            name: overrides[name] if name in overrides and second else _value(param)
            for name, param in self._declared.items()
        }

    def params_with(self, own: JsonObject) -> dict[str, Any]:
        """Its params and a task's own, with what the run asks for."""
        every = {name: _value(param) for name, param in {**self._declared, **own}.items()}
        return every | {name: value for name, value in self._overrides.items() if name in every}

    @property
    def task_ids(self) -> list[str]:
        """The ids of all tasks."""
        return list(self._names)

    def has_task(self, task_id: str) -> bool:
        """Whether there is such a task."""
        return task_id in self._names

    def get_task(self, task_id: str) -> Task:
        """A task by its id; nothing is known of one that does not use the context itself."""
        if task_id not in self._known:
            raise missing(f"dag.get_task({task_id!r})")
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

    def __init__(
        self,
        task_id: str,
        facts: JsonObject,
        dag: Callable[[], Dag],
        dialect: str = AIRFLOW_3,
        params: Callable[[], dict[str, Any]] | None = None,
    ) -> None:
        self.task_id = task_id
        self.template_ext: Iterable[str] = ()
        self._dag = dag
        self.task_type = word(facts, "operator")
        self.operator_name = word(facts, "name") or self.task_type
        for name in ("upstream", "downstream"):
            found = facts.get(name)
            setattr(self, f"{name}_task_ids", {str(item) for item in found} if isinstance(found, list) else set())
        self.__dict__.update(_decoded(part(facts, "attributes")))
        if dialect != AIRFLOW_2 and "trigger_rule" in self.__dict__:
            self.__dict__["trigger_rule"] = TriggerRule(self.__dict__["trigger_rule"])
        self._own = part(facts, "params")
        self._params = params

    @property
    def params(self) -> dict[str, Any]:
        """The DAG's params and its own."""
        return self._dag().params_with(self._own) if self._params is None else self._params()

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


def _decoded(tree: JsonObject) -> dict[str, Any]:
    return {name: decode(item) for name, item in tree.items()}


def _value(param: Json) -> Any:
    return decode(cast("JsonObject", param).get("value")) if isinstance(param, dict) else None
