"""One task, run as Luigi's worker runs it: `luigi.worker.TaskProcess`, with its answer kept instead of sent."""

# pyright: basic
# Luigi has types for a part of itself only.
from __future__ import annotations

import logging
import queue
import sys
from collections.abc import Generator
from typing import Any, NamedTuple

from luigi.task import DynamicRequirements
from luigi.task_status import DONE, PENDING
from luigi.worker import TaskProcess

from handler.errors import TimedOut


class Ended(NamedTuple):
    """How the task ended: done, with `new` the tasks it waits for, or with the `error` that made it fail."""

    done: bool
    new: tuple[Any, ...] = ()
    error: BaseException | None = None


class NotDone(Exception):
    """Luigi calls the task failed without an error of its own."""


class _Queue(list[Any]):
    def put(self, item: Any) -> None:
        self.append(item)


class _Reporter:
    """What a task tells Luigi's scheduler goes to its log."""

    def __init__(self, accepts_messages: bool) -> None:
        # As Luigi's worker: a queue, in which nothing ever comes here, or None.
        self.scheduler_messages = queue.Queue[Any]() if accepts_messages else None

    def update_tracking_url(self, tracking_url: str) -> None:
        print(f"tracking URL: {tracking_url}", file=sys.stderr)

    def update_status_message(self, message: str) -> None:
        print(f"status: {message}", file=sys.stderr)

    def update_progress_percentage(self, percentage: float) -> None:
        print(f"progress: {percentage} %", file=sys.stderr)

    def decrease_running_resources(self, decrease_resources: object) -> None:
        print(f"gives back resources: {decrease_resources}", file=sys.stderr)


class _Process(TaskProcess):
    """`TaskProcess` in this process: keeps the tasks it waits for, and the error, as they are."""

    waits_for: tuple[Any, ...] = ()
    error: BaseException | None = None

    def _run_get_new_deps(self) -> Any:
        run = self.task.run()
        if not isinstance(run, Generator):
            return None
        answer = None
        while True:
            try:
                asked = run.send(answer)
            except StopIteration:
                return None
            required = asked if isinstance(asked, DynamicRequirements) else DynamicRequirements(asked)
            if not required.complete(self.check_complete):
                self.waits_for = tuple(required.flat_requirements)
                return [task.task_id for task in self.waits_for]
            answer = required.paths

    def _handle_run_exception(self, ex: BaseException) -> Any:
        if isinstance(ex, TimedOut):
            # Luigi ends the process from outside: nothing of the task's own is called.
            raise ex
        self.error = ex
        return super()._handle_run_exception(ex)


def run_task(task: Any, *, check_unfulfilled_deps: bool = True, check_complete_on_run: bool = False) -> Ended:
    """Run it, its events and callbacks included. TimedOut and KeyboardInterrupt pass."""
    logging.getLogger("luigi-interface").setLevel(logging.INFO)
    answers = _Queue()
    process = _Process(
        task,
        "stepweave",
        answers,
        _Reporter(bool(task.accepts_messages)),
        check_unfulfilled_deps=check_unfulfilled_deps,
        check_complete_on_run=check_complete_on_run,
    )
    process.run()
    _, status, explanation, *_ = answers[-1]
    if process.error is not None:
        return Ended(False, error=process.error)
    if status == PENDING:
        return Ended(False, new=process.waits_for)
    return Ended(True) if status == DONE else Ended(False, error=NotDone(str(explanation or status)))
