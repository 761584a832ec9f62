"""What an execution of a machine leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

Event = Mapping[str, object]


class Execution(msgspec.Struct, frozen=True, kw_only=True):
    """A closed execution.

    `status` is SUCCEEDED, FAILED, TIMED_OUT or ABORTED; `output` is a JSON value, None unless it succeeded;
    `history` are the events of GetExecutionHistory, oldest first; `children` are the executions that it started, and
    those that they did.
    """

    arn: str
    name: str
    status: str
    output: object
    error: str | None
    cause: str | None
    history: tuple[Event, ...]
    started: datetime
    ended: datetime
    children: tuple[Execution, ...] = ()


def transitions(history: tuple[Event, ...]) -> int:
    """State transitions as AWS bills them: states entered, and one more for each retry."""
    kinds = [str(event["type"]) for event in history]

    def count(kind: str) -> int:
        return kinds.count(kind)

    entered = sum(kind.endswith("StateEntered") for kind in kinds)
    # A state's work starts once for each attempt; what cannot even start its first attempt has no surplus.
    retried = (
        max(0, count("TaskScheduled") + count("LambdaFunctionScheduled") - count("TaskStateEntered"))
        + max(0, count("ParallelStateStarted") - count("ParallelStateEntered"))
        + max(0, count("MapStateStarted") - count("MapStateEntered"))
    )
    return entered + retried
