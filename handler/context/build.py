"""Makes a task's context from its event, the run's input, and what the compiler knew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from handler.context import airflow2, airflow3
from handler.context.instance import Pushed, Reader, TaskInstance, TaskInstance2
from handler.context.mapping import Context
from handler.context.objects import Dag, DagRun, Task
from handler.context.params import overriding, resolve
from handler.context.reading import reader
from handler.context.run import run_of
from handler.context.settings import AIRFLOW_2, AIRFLOW_3, part, settings, word
from handler.events import RunEvent
from handler.invocation import Invocation
from handler.json_types import JsonObject
from handler.keys import task_keys
from handler.records import Done
from handler.tries import Try


def open_context(event: RunEvent, invocation: Invocation, begun: Try, done: Mapping[str, Done]) -> Context:
    """The context of one try. InvalidEvent where the machine's input is not one."""
    index = event.item if event.of else None

    def kept() -> Any:
        from handler.context.state import TaskStateStoreAccessor

        return TaskStateStoreAccessor(invocation.store, task_keys(event.run, event.task))

    return _context(event, settings(), reader(invocation.store, event.run, done, index), begun, kept)


def _context(event: RunEvent, known: JsonObject, read: Reader, begun: Try, kept: Callable[[], Any]) -> Context:
    # An item has the id of its task and an index.
    name = event.of or event.task
    run = run_of(event.context or {}, known)
    dialect = word(known, "dialect", AIRFLOW_3)
    tasks = part(known, "tasks")
    pushed = Pushed(plain_json=dialect == AIRFLOW_2)
    made: dict[str, Any] = {}

    def dag() -> Dag:
        if "dag" not in made:
            made["dag"] = Dag(known, task, overriding(known, run.conf))
        return made["dag"]

    def task(task_id: str) -> Task:
        key = f"task {task_id}"
        if key not in made:
            # Those of Airflow 2's running task are the run's own.
            own = (lambda: context["params"]) if dialect == AIRFLOW_2 and task_id == name else None
            made[key] = Task(task_id, part(tasks, task_id), dag, dialect, own)
        return made[key]

    def instance() -> TaskInstance:
        kind = partial(TaskInstance2, run=context["dag_run"]) if dialect == AIRFLOW_2 else TaskInstance
        return kind(
            task(name),
            run_id=run.run_id,
            number=begun.number,
            retries=event.retries,
            started=begun.started,
            index=event.item if event.of else None,
            read=read,
            pushed=pushed,
        )

    def params() -> dict[str, Any]:
        return resolve(known, part(part(tasks, name), "params"), run.conf)

    common: dict[str, Callable[[], Any]] = {
        "dag": dag,
        "dag_run": lambda: DagRun(run, word(known, "name"), dialect),
        "params": params,
        "run_id": lambda: run.run_id,
        "task": lambda: task(name),
        "ti": instance,
        **({} if dialect == AIRFLOW_2 else {"task_state_store": kept}),
    }
    facts = part(tasks, name)
    own = (airflow2 if dialect == AIRFLOW_2 else airflow3).makers(run, known, facts, name)
    context = Context(common | own, render=_render, pushed=pushed.outputs)
    # One and the same object under both names.
    context._makers["task_instance"] = lambda: context["ti"]  # pyright: ignore[reportPrivateUsage]
    return context


def _render(context: Context, text: str, file: str, native: bool) -> Any:
    from handler.context.templates import render

    return render(context, text, file=file, native=native)
