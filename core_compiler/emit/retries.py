"""Retry and time-outs of a task state: what repeats for the platform's sake, and what for the source's."""

from __future__ import annotations

import math

import msgspec

from core_compiler.asl.states import Retrier
from core_compiler.ir import Task

#: Faults of the platform or the store. They cost no try of the source: the handler picks up the try where it was.
INFRASTRUCTURE = Retrier(
    error_equals=(
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException",
        "Lambda.Unknown",
        "Runtime.ExitError",
        "InfrastructureError",
    ),
    interval_seconds=2,
    max_attempts=6,
    backoff_rate=2,
)

#: Settle and finish only read and write a few records: a minute is ample, and their own time-out is a platform fault.
BOOKKEEPING_SECONDS = 60
BOOKKEEPING_RETRIER = msgspec.structs.replace(
    INFRASTRUCTURE, error_equals=(*INFRASTRUCTURE.error_equals, "States.Timeout", "Sandbox.Timedout")
)
#: For what only keeps the books, whose every error is the platform's: one name where seven would stand in each state.
EVERYTHING = msgspec.structs.replace(INFRASTRUCTURE, error_equals=("States.ALL",))

#: An Await that nobody has woken for long (`core_compiler.emit.patience`) registers anew and looks for itself. That is
#: never what fails its task, so it may do so as often as the language has a number for.
AWAIT_RETRIERS = (
    Retrier(error_equals=("States.Timeout",), interval_seconds=1, max_attempts=99_999_999, backoff_rate=1),
    EVERYTHING,
)

#: Records that are read in a second at the least.
_READ = 50

#: Seconds between the moment the handler ends a try itself and the state's own time-out.
GRACE = 60
LONGEST_LAMBDA = 900


def retriers(task: Task) -> tuple[Retrier, ...]:
    """The state's Retry. ASL counts whole seconds from 1, so a shorter delay is rounded up."""
    retry = task.retry
    if not retry.retries:
        return (INFRASTRUCTURE,)
    interval = whole_seconds(retry.delay)
    cap = None if retry.max_delay is None else max(interval + 1, math.ceil(retry.max_delay))
    own = Retrier(
        error_equals=("TryFailed", "States.Timeout", "Sandbox.Timedout"),
        interval_seconds=interval,
        max_attempts=retry.retries,
        backoff_rate=retry.backoff,
        max_delay_seconds=cap if retry.backoff > 1 else None,
    )
    after = dict.fromkeys(whole_seconds(rule.delay) for rule in retry.rules if rule.delay is not None)
    named = (Retrier((f"TryFailedAfter{delay}",), delay, retry.retries, backoff_rate=1) for delay in after)
    return (INFRASTRUCTURE, own, *named)


def bookkeeping_seconds(records: int) -> int:
    """The time-out of a state that reads so many records."""
    return min(LONGEST_LAMBDA, max(BOOKKEEPING_SECONDS, records // _READ))


def whole_seconds(delay: float) -> int:
    """A delay that ASL can wait for."""
    return max(1, math.ceil(delay))


def timeout_seconds(task: Task) -> int:
    """The state's backstop: later than the handler's own deadline, whether the task sets one or Lambda's end does."""
    seconds = LONGEST_LAMBDA if task.timeout is None else min(math.ceil(task.timeout), LONGEST_LAMBDA)
    return seconds + GRACE
