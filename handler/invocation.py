"""What one invocation works with: the store, its name, and its clocks."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import NamedTuple, cast

from handler.store import Store, from_environment
from handler.tokens import Send, send_to_step_functions, told_by

_LAMBDA_SECONDS = 900.0


class Invocation(NamedTuple):
    """One invocation of the handler.

    `attempt` is its request id; `clock` gives seconds since the epoch; `remaining` the seconds until it is killed;
    `send` sends a task token back (`handler.tokens`).
    """

    store: Store
    attempt: str
    clock: Callable[[], float]
    remaining: Callable[[], float]
    send: Send = send_to_step_functions


def from_context(context: object) -> Invocation:
    """The invocation that Lambda's context object describes. Without one it has a random name and 15 minutes."""
    request: object = getattr(context, "aws_request_id", None)
    remaining: object = getattr(context, "get_remaining_time_in_millis", None)
    given: object = getattr(context, "send_task_success", None)
    send = told_by(given) if callable(given) else send_to_step_functions
    attempt = request if isinstance(request, str) and request else os.urandom(16).hex()
    if not callable(remaining):
        end = time.monotonic() + _LAMBDA_SECONDS
        return Invocation(from_environment(), attempt, time.time, lambda: end - time.monotonic(), send)
    milliseconds = cast("Callable[[], float]", remaining)
    return Invocation(from_environment(), attempt, time.time, lambda: milliseconds() / 1000, send)
