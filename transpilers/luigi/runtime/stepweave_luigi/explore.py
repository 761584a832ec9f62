"""What is to be done, as `luigi.worker.Worker.add` finds out: from the roots down, past nothing that is complete."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from luigi import Event
from luigi.target import Target
from luigi.task import Task

from handler.records import ErrorInfo, error_info
from handler.rules import Status
from stepweave_luigi.describe import is_external


class Verdict(NamedTuple):
    """How a task that does not run ends, and why."""

    status: Status
    error: ErrorInfo | None = None


COMPLETE = Verdict("success")
NOT_NEEDED = Verdict("skipped")


def explore(
    roots: Iterable[Any],
    frozen: Callable[[Any], Any],
    *,
    waits: bool,
    ahead: Callable[[list[Any]], None] = lambda tasks: None,
) -> dict[str, Verdict | None]:
    """A verdict for each task that was looked at, by its id; None: it is to run.

    `frozen` gives the task as the tree has it. With `waits` a missing external task is left to its own state. `ahead`
    is told of tasks that will be looked at, all that one requires at once.
    """
    verdicts: dict[str, Verdict | None] = {}
    left = list(roots)
    seen = {task.task_id for task in left}
    while left:
        task = frozen(left.pop())
        verdict = verdicts[task.task_id] = judge(task, waits=waits)
        if verdict is not None or is_external(task):
            continue
        try:
            required = task.deps()
        except Exception as error:
            task.trigger_event(Event.BROKEN_TASK, task, error)
            verdicts[task.task_id] = Verdict("failed", error_info(error))
            continue
        fresh: dict[str, Any] = {}
        for one in required:
            _validate(one)
            task.trigger_event(Event.DEPENDENCY_DISCOVERED, task, one)
            if one.task_id not in seen:
                fresh.setdefault(one.task_id, one)
        ahead([frozen(one) for one in fresh.values()])
        seen.update(fresh)
        left.extend(fresh.values())
    return verdicts


def judge(task: Any, *, waits: bool) -> Verdict | None:
    """Whether one task is to run, by itself."""
    try:
        complete = task.complete()
        if complete not in (True, False):
            raise TypeError(f"Return value of Task.complete() must be boolean (was {complete!r})")
    except Exception as error:
        task.trigger_event(Event.DEPENDENCY_MISSING, task)
        return Verdict("failed", error_info(error))
    if task.disabled:
        return Verdict("failed", ErrorInfo("Disabled", f"{task} is disabled"))
    if complete:
        task.trigger_event(Event.DEPENDENCY_PRESENT, task)
        return COMPLETE
    if is_external(task):
        task.trigger_event(Event.DEPENDENCY_MISSING, task)
        missing = ErrorInfo("MissingExternal", f"{task} is external, and its data is not there")
        return None if waits else Verdict("upstream_failed", missing)
    return None


def _validate(one: Any) -> None:
    if isinstance(one, Target):
        raise TypeError("requires() can not return Target objects. Wrap it in an ExternalTask class")
    if not isinstance(one, Task):
        raise TypeError(f"requires() must return Task objects but {one} is a {type(one)}")
