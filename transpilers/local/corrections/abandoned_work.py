"""Work that nobody waits for any more writes no history.

When a state times out, or a Parallel or an execution ends while a Lambda still runs, moto lets the thread of that state
go on and write TaskSucceeded into the history. In AWS the Lambda runs on, and its result is ignored. The thread of a
state that starts an execution, and is let go in that moment, reads its time-out from an empty place, and prints a
traceback.
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext, EventManager

if TYPE_CHECKING:
    from transpilers.local.patches import Patches


def abandoned_work(patches: Patches) -> None:
    """Close a frame's history with the frame, and drop what comes later."""
    close_frame = Environment.close_frame
    add_event = EventManager.add_event

    def close_with_history(self: Environment, frame: Environment) -> None:
        close_frame(self, frame)
        close_history(frame)

    def add_if_open(self: EventManager, context: EventHistoryContext, *args: object, **kwargs: object) -> int:
        if getattr(context, "closed", False):
            return context.last_published_event_id
        return add_event(self, context, *args, **kwargs)  # type: ignore[arg-type]

    patches.replace(Environment, "close_frame", close_with_history)
    wait = StateTaskServiceCallback._wait_for_task_token_timeout

    def wait_if_open(self: StateTaskServiceCallback, timeout_seconds: object, callback_endpoint: object) -> object:
        if not isinstance(timeout_seconds, int | float):
            return None
        return wait(self, timeout_seconds, callback_endpoint)  # type: ignore[arg-type]

    patches.replace(EventManager, "add_event", add_if_open)
    patches.replace(StateTaskServiceCallback, "_wait_for_task_token_timeout", wait_if_open)


def close_history(env: Environment) -> None:
    """No event is written any more for this frame and those inside it."""
    setattr(env.event_history_context, "closed", True)  # noqa: B010 - moto's class does not declare it
    for frame in list(env._frames):
        close_history(frame)
