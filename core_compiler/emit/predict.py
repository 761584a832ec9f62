"""What a machine will cost and how near it comes to the quotas, before it exists."""

from __future__ import annotations

import msgspec

from core_compiler.asl import limits
from core_compiler.plan import Await, Finish, Node, Parallel, Run, Series


class Prediction(msgspec.Struct, frozen=True):
    """A run in which nothing fails or is retried: billed state transitions, history events, tasks at once."""

    transitions: int
    events: int
    concurrency: int


def predict(plan: Node) -> Prediction:
    """Count a plan's states and events by AWS's own table; the start state and the execution itself are included."""
    inner = _count(plan)
    return Prediction(
        transitions=inner.transitions + 1,
        events=inner.events + limits.PASS_EVENTS + limits.EXECUTION_EVENTS,
        concurrency=inner.concurrency,
    )


def _count(node: Node) -> Prediction:
    match node:
        case Run() | Finish():
            return Prediction(1, limits.TASK_EVENTS, 1)
        case Await():
            # It registers in a moment, and then holds no worker.
            return Prediction(1, limits.TOKEN_TASK_EVENTS, 0)
        case Series(steps):
            parts = [_count(step) for step in steps]
            own, events, at_once = 0, 0, max(part.concurrency for part in parts)
        case Parallel(branches):
            parts = [_count(branch) for branch in branches]
            own, events, at_once = 1, limits.PARALLEL_EVENTS, sum(part.concurrency for part in parts)
    return Prediction(
        own + sum(part.transitions for part in parts), events + sum(part.events for part in parts), at_once
    )
