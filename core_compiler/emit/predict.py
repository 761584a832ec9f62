"""What a machine will cost and how near it comes to the quotas, before it exists."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from core_compiler.asl import limits
from core_compiler.plan import Await, Each, Finish, Node, Parallel, Run, Series

#: How many items a mapped task is taken to have where only a run can tell.
EXPECTED_ITEMS = 10

NO_PARTS: Mapping[int, str] = {}


class Prediction(msgspec.Struct, frozen=True):
    """A run in which nothing fails or is retried: billed state transitions, history events, tasks at once.

    `events` are those of the execution that has the most; `machines` says how many executions a run is.
    """

    transitions: int
    events: int
    concurrency: int
    machines: int = 1


def predict(plan: Node, parts: Mapping[int, str] = NO_PARTS) -> Prediction:
    """Count a plan's states and events by AWS's own table; the start state and the execution itself are included.

    `parts` names the nodes, by their `id`, that are executions of their own.
    """
    most = [0]
    inner = _count(plan, parts, most, whole=True)
    return Prediction(
        transitions=inner.transitions + 1,
        events=max(inner.events + _BEGINNING, *most),
        concurrency=inner.concurrency,
        machines=1 + len(parts),
    )


def events_of(step: Run | Await | Each | Finish) -> int:
    """The history events of one step."""
    if isinstance(step, Each):
        return _count(step, NO_PARTS, []).events
    return limits.TOKEN_TASK_EVENTS if isinstance(step, Await) else limits.TASK_EVENTS


_BEGINNING = limits.PASS_EVENTS + limits.EXECUTION_EVENTS


def _each(body: Prediction, size: int, limit: int | None) -> Prediction:
    """The decision, the Map and the record, and the body for each item; a distributed Map's events are its own."""
    at_once = min(size, limit or size)
    if size > limits.INLINE_MAP_CONCURRENCY:
        events = 2 * limits.TASK_EVENTS + limits.DISTRIBUTED_MAP_EVENTS
        return Prediction(3 + size * (body.transitions + 1), events, at_once * body.concurrency)
    events = 2 * limits.TASK_EVENTS + limits.MAP_EVENTS + size * (limits.ITERATION_EVENTS + body.events)
    return Prediction(3 + size * body.transitions, events, max(1, at_once * body.concurrency))


def _count(node: Node, parts: Mapping[int, str], most: list[int], *, whole: bool = False) -> Prediction:
    if not whole and id(node) in parts:
        inner = _count(node, parts, most, whole=True)
        most.append(inner.events + _BEGINNING)
        # The state that starts the child, and the one that it starts with.
        return Prediction(inner.transitions + 2, limits.CHILD_EVENTS, inner.concurrency)
    match node:
        case Run() | Finish():
            return Prediction(1, events_of(node), 1)
        case Await():
            # It registers in a moment, and then holds no worker.
            return Prediction(1, events_of(node), 0)
        case Each(body=body, size=size, limit=limit):
            return _each(_count(body, parts, most), EXPECTED_ITEMS if size is None else size, limit)
        case Series(steps):
            inside = [_count(step, parts, most) for step in steps]
            own, events, at_once = 0, 0, max(part.concurrency for part in inside)
        case Parallel(branches):
            inside = [_count(branch, parts, most) for branch in branches]
            own, events, at_once = 1, limits.PARALLEL_EVENTS, sum(part.concurrency for part in inside)
    return Prediction(
        own + sum(part.transitions for part in inside), events + sum(part.events for part in inside), at_once
    )
