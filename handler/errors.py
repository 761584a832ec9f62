"""Errors that leave the handler, and the outcomes that a task's own code may raise.

Step Functions sees an error by its class name, so those names are part of the contract (`errorName` in
`event.schema.json`).
"""

from __future__ import annotations

from collections.abc import Sequence

from handler.json_types import JsonObject


class HandlerError(Exception):
    """What leaves the handler. Every other exception is the task's own and stays in its record and log."""


class TryFailed(HandlerError):
    """A try of the task failed and more are allowed: the machine's Retry brings the next."""


class TaskFailed(HandlerError):
    """A task failed for good and the workflow stops on failure, or it ran outside any workflow."""


class RunFailed(HandlerError):
    """A leaf of the workflow failed, or was never reached."""


class InfrastructureError(HandlerError):
    """The store or the handler's surroundings failed, not the task: the same try is taken up again."""


class InvalidEvent(HandlerError):
    """The event is not one of `event.schema.json`: no retry helps."""


class TaskError(Exception):
    """A failed try, said by the task itself. Importers use the classes below for their engine's."""


class Skipped(TaskError):
    """The task ends as skipped."""


class Failed(TaskError):
    """The task fails at once, whatever tries are left."""


class CallFailed(Failed):
    """Fails at once because of `original`, and leaves `outputs` (stored bytes by key) all the same."""

    def __init__(self, original: BaseException, outputs: dict[str, bytes]) -> None:
        super().__init__(str(original))
        self.original = original
        self.outputs = outputs


class NotRunnable(TaskError):
    """What the task needs is not there and will not come: it ends as upstream_failed."""


class Pending(TaskError):
    """The task asks for others, or for time, and runs again when they have ended.

    `new` are run events without their `run`; without any the task runs again after `wait` seconds.
    """

    def __init__(self, new: Sequence[JsonObject] = (), wait: float = 0) -> None:
        super().__init__(f"waits for {len(new)} tasks" if new else f"waits {wait:g} s")
        self.new = tuple(new)
        self.wait = wait


class ValueNotFound(TaskError):
    """A task reads a value that the task it reads from did not leave."""


class TimedOut(BaseException):
    """The try is over its time. Not an `Exception`, so that `except Exception` in a task does not swallow it."""
