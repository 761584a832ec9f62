"""Which try an invocation is, kept in the store so that crashes, time-outs and zombies count as the source counts.

`try/<task>/<n>/start` and `.../failed` are written only if absent; n is 1 + the failed tries. A start past its deadline
gets its failure from whoever comes next; one not past it was an attempt that crashed, and its try is taken up again.
"""

from __future__ import annotations

from typing import NamedTuple

from handler.invocation import Invocation
from handler.keys import TaskKeys
from handler.records import (
    ErrorInfo,
    Start,
    TryFailure,
    failure_from_bytes,
    failure_to_bytes,
    start_from_bytes,
    start_to_bytes,
)


class Try(NamedTuple):
    """Try `number`, from 1, begun by this invocation; it has `seconds` left.

    `again`: an attempt at it crashed before.
    """

    number: int
    started: float
    seconds: float
    again: bool = False


class Exhausted(NamedTuple):
    """No try is left after `number` failed ones; `error` is the last one's."""

    number: int
    error: ErrorInfo


def enter(invocation: Invocation, keys: TaskKeys, retries: int, timeout: float | None) -> Try | Exhausted:
    """Begin the try that is due. `timeout` is seconds for one try, besides the invocation's own end."""
    store = invocation.store
    number = 1
    while True:
        failed = store.get(keys.failed(number))
        if failed is None:
            begun = _begin(invocation, keys, number, timeout)
            if isinstance(begun, Try):
                return begun
            # Read back: the attempt itself may have written its failure just before us, with a better reason.
            failed = _fail(invocation, keys, number, begun)
        if number > retries:
            return Exhausted(number, failure_from_bytes(keys.failed(number), failed).error)
        number += 1


def fail(invocation: Invocation, keys: TaskKeys, number: int, error: ErrorInfo) -> None:
    """Write down that try `number` failed, unless someone did."""
    record = TryFailure(invocation.attempt, invocation.clock(), error)
    invocation.store.put_if_absent(keys.failed(number), failure_to_bytes(record))


def pause(invocation: Invocation, keys: TaskKeys, number: int) -> None:
    """Write down that try `number` has ended for now, and goes on in a later invocation with time of its own."""
    now = invocation.clock()
    invocation.store.put(keys.start(number), start_to_bytes(Start(invocation.attempt, now, now, paused=True)))


def count(invocation: Invocation, keys: TaskKeys) -> int:
    """How many tries of the task have begun."""
    number = 0
    while invocation.store.get(keys.start(number + 1)) is not None:
        number += 1
    return number


def _begin(invocation: Invocation, keys: TaskKeys, number: int, timeout: float | None) -> Try | ErrorInfo:
    """Begin try `number`, or say how it failed."""
    now = invocation.clock()
    remaining = invocation.remaining()
    record = Start(invocation.attempt, now, now + (remaining if timeout is None else min(timeout, remaining)))
    key = keys.start(number)
    found = None
    if not invocation.store.put_if_absent(key, start_to_bytes(record)):
        found = invocation.store.get(key)
    earlier = record if found is None else start_from_bytes(key, found)
    if earlier.paused:
        invocation.store.put(key, start_to_bytes(record))
        return Try(number, now, _own_seconds(timeout, remaining))
    if now > earlier.deadline:
        seconds = earlier.deadline - earlier.at
        return ErrorInfo("TimedOut", f"no end was heard of attempt {earlier.attempt} in its {seconds:.1f} s")
    return Try(number, now, _own_seconds(timeout, remaining), again=found is not None)


def _own_seconds(timeout: float | None, remaining: float) -> float:
    """How long the task's code may run: an end by our own hand leaves time to write it down."""
    own = remaining - min(2.0, remaining / 10)
    return own if timeout is None else min(timeout, own)


def _fail(invocation: Invocation, keys: TaskKeys, number: int, error: ErrorInfo) -> bytes:
    fail(invocation, keys, number, error)
    found = invocation.store.get(keys.failed(number))
    return found if found is not None else failure_to_bytes(TryFailure(invocation.attempt, invocation.clock(), error))
