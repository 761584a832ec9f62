"""`ti`: the task instance, and the values that tasks leave each other (`xcom_pull` and `xcom_push`).

As Airflow 3 has them (`RuntimeTaskInstance` of `sdk/execution_time/task_runner.py`) and Airflow 2
(`TaskInstance.xcom_pull` of `models/taskinstance.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import Any, cast

from handler.codec import dumps, loads
from handler.context.missing import Model, missing
from handler.context.objects import DagRun, Task
from handler.sequences import LazyXComSelectSequence
from handler.values import RETURN_VALUE

NOT_SET: Any = object()
#: The values of a task under a key: one of a plain task, by item of a mapped one; None for one that is not there.
Reader = Callable[[str, str], "Values"]


class Values:
    """What a task left under one key: `plain` for a task that is not mapped; for one that is, `indices` are those of
    the items that left something, and `fetch` reads one item's, nothing where it left nothing. Without `indices` the
    items are still under way."""

    def __init__(
        self,
        plain: Iterable[Any] = (),
        indices: Iterable[int] | None = None,
        fetch: Callable[[int], Iterator[Any]] | None = None,
    ) -> None:
        self.plain = list(plain)
        self.indices = None if indices is None else list(indices)
        self._fetch = fetch

    def at(self, index: int | None) -> Any:
        """The value of one item; -1 and None mean a task that is not mapped."""
        if index is None or index < 0:
            return self.plain[0] if self.plain else None
        return None if self._fetch is None else next(self._fetch(index), None)

    def all(self) -> list[Any]:
        """All values, in the order of the items. ContextMissing while they are under way."""
        if self._fetch is None:
            return self.plain
        if self.indices is None:
            # Airflow gives those that happen to be there.
            raise missing("xcom_pull without map_indexes from a task of the same mapped group")
        return [value for index in self.indices for value in self._fetch(index)]


class Pushed:
    """What this try has pushed, encoded at once: what cannot be stored fails where it is pushed.

    `plain_json`: through plain JSON first, as Airflow 2 has it.
    """

    def __init__(self, *, plain_json: bool = False) -> None:
        self.outputs: dict[str, bytes] = {}
        self._plain_json = plain_json

    def add(self, key: str, value: object) -> None:
        """Keep one value, in the place of an earlier one."""
        if self._plain_json:
            from handler.plain_json import plain

            value = plain(value)
        self.outputs[key] = dumps(value, through_json=True)

    def get(self, key: str) -> Iterator[Any]:
        """The value under `key`, if there is one."""
        if key in self.outputs:
            yield loads(self.outputs[key])


class TaskInstanceState(str, Enum):  # noqa: UP042 its text is TaskInstanceState.RUNNING, as Airflow 3 writes it
    """How far a try is: its own code sees it running."""

    RUNNING = "running"


class TaskInstance(Model):
    """This try of this task in this run."""

    def __init__(
        self,
        task: Task,
        *,
        run_id: str,
        number: int,
        retries: int,
        started: float,
        index: int | None,
        read: Reader,
        pushed: Pushed,
    ) -> None:
        self.task = task
        self.task_id = task.task_id
        self.dag_id = task.dag_id
        self.run_id = run_id
        self.try_number = number
        self.max_tries = retries
        self.map_index = -1 if index is None else index
        self.start_date = dt.datetime.fromtimestamp(started, dt.UTC)
        self.end_date = None
        self.state: Any = TaskInstanceState.RUNNING
        self._read = read
        self._pushed = pushed

    @property
    def hostname(self) -> str:
        """The name of the machine that this runs on."""
        import socket

        return socket.getfqdn()

    def xcom_push(self, key: str, value: Any, **others: Any) -> None:
        """Leave a value for other tasks; TypeError for one that cannot be stored."""
        if others:
            raise missing(f"xcom_push({', '.join(others)}=...)")
        self._pushed.add(key, value)

    def xcom_pull(
        self,
        task_ids: str | Iterable[str] | None = None,
        dag_id: str | None = None,
        key: str | None = RETURN_VALUE,
        include_prior_dates: bool = False,
        *,
        map_indexes: Any = NOT_SET,
        default: Any = None,
        run_id: str | None = None,
    ) -> Any:
        """Read values that tasks of this run have left."""
        if (dag_id or self.dag_id) != self.dag_id:
            raise missing(f"xcom_pull(dag_id={dag_id!r})")
        if (run_id or self.run_id) != self.run_id:
            raise missing(f"xcom_pull(run_id={run_id!r})")
        if key is None:
            # In Airflow 2 the last of all values.
            raise missing("xcom_pull(key=None)")
        if include_prior_dates:
            raise missing("xcom_pull(include_prior_dates=True)")
        single = task_ids is None or isinstance(task_ids, str)
        names = [task_ids or self.task_id] if isinstance(task_ids, str | None) else list(task_ids)
        if map_indexes is NOT_SET:
            return self._pull_all(names, key, default, single=single)
        one = map_indexes is None or isinstance(map_indexes, int)
        indexes: list[Any] = [map_indexes] if one else list(cast("Iterable[Any]", map_indexes))
        found: list[Any] = []
        for name in names:
            values = self._values(name, key)
            found += [default if (value := values.at(index)) is None else value for index in indexes]
        return found[0] if single and one else found

    def _pull_all(self, names: list[str], key: str, default: Any, *, single: bool) -> Any:
        # A task that left nothing counts as None, and the default does not apply: so it is in Airflow 3.
        del default
        found: list[Any] = []
        for name in names:
            found += self._values(name, key).all() or [None]
        return found[0] if single and len(found) == 1 else found

    def _values(self, task: str, key: str) -> Values:
        if task == self.task_id and self.map_index < 0:
            return Values(self._pushed.get(key))
        if task == self.task_id:
            # The other items of this task are under way.
            return Values((), [self.map_index], lambda index: self._own(key, index))
        return self._read(task, key)

    def _own(self, key: str, index: int) -> Iterator[Any]:
        if index != self.map_index:
            raise missing("xcom_pull from another item of the same mapped task")
        return self._pushed.get(key)

    def __repr__(self) -> str:
        return f"<TaskInstance: {self.dag_id}.{self.task_id} {self.run_id} [running]>"


class TaskInstance2(TaskInstance):
    """The same as Airflow 2 has it."""

    def __init__(self, task: Task, *, run: DagRun, **rest: Any) -> None:
        super().__init__(task, **rest)
        self.state = "running"
        self.dag_run = run
        self.execution_date = self.logical_date = run.logical_date
        self.operator = task.task_type
        self.operator_name = task.operator_name
        self.task_display_name = task.__dict__.get("task_display_name", task.task_id)

    def __getattr__(self, name: str) -> Any:
        # What it takes over from its task.
        return getattr(self.task, name) if name in ("pool", "queue") else super().__getattr__(name)

    def get_dagrun(self, **_session: Any) -> DagRun:
        """The run."""
        return self.dag_run

    def xcom_pull(self, task_ids: str | Iterable[str] | None = None, *args: Any, **kwargs: Any) -> Any:
        """Read values that tasks of this run have left."""
        if task_ids is None:
            raise missing("xcom_pull without task_ids")
        indexes = kwargs.get("map_indexes", NOT_SET)
        if indexes is None:
            del kwargs["map_indexes"]
        found = super().xcom_pull(task_ids, *args, **kwargs)
        if indexes is NOT_SET or indexes is None or (isinstance(indexes, int) and isinstance(task_ids, str)):
            return found
        return _selected([value for value in found if value is not kwargs.get("default")])

    def _pull_all(self, names: list[str], key: str, default: Any, *, single: bool) -> Any:
        values = [value for name in dict.fromkeys(names) for value in self._values(name, key).all()]
        if single and not values:
            return default
        if single and not any(self._values(name, key).indices is not None for name in names):
            return values[0]
        return _selected(values)


def _selected(values: list[Any]) -> LazyXComSelectSequence:
    return LazyXComSelectSequence(len(values), values.__getitem__)
