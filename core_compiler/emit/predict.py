"""What a machine will cost and how near it comes to the quotas, before it exists."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from core_compiler.asl import limits
from core_compiler.ir import Task, Wait, Workflow
from core_compiler.plan import EXPECTED_ITEMS, Await, Each, Finish, Node, Parallel, Run, Series

#: Room is kept in a history for so many retries of a task: one that is tried a hundred times rarely needs them all.
MOST_RETRIES = 10
#: And for so many times that an Await registers anew: how long it waits each time follows from the room there is.
MOST_ROUNDS = 4

NO_PARTS: Mapping[int, str] = {}


class Prediction(msgspec.Struct, frozen=True):
    """A run in which nothing fails or is retried: billed state transitions, history events, tasks at once.

    `events` are those of the execution that has the most; `machines` says how many executions a run is.
    """

    transitions: int
    events: int
    concurrency: int
    machines: int = 1


def predict(plan: Node, workflow: Workflow, parts: Mapping[int, str] = NO_PARTS) -> Prediction:
    """Count a plan's states and events by AWS's own table; the start state and the execution itself are included.

    `parts` names the nodes, by their `id`, that are executions of their own.
    """
    counter = _Counter({task.id: task for task in workflow.tasks}, parts)
    inner = counter.count(plan, whole=True)
    # The input is held to the schemas of its params first.
    checked = workflow.context is not None and workflow.context.checked
    return Prediction(
        transitions=inner.transitions + (2 if checked else 1),
        events=max(inner.events + _BEGINNING + (limits.TASK_EVENTS if checked else 0), *counter.most),
        concurrency=inner.concurrency,
        machines=1 + len(parts),
    )


def most_events(node: Node, tasks: Mapping[str, Task]) -> int:
    """The history events of a part whose tasks take all of their tries, and as many items as share its history."""
    return _Counter(tasks, NO_PARTS, items=limits.INLINE_MAP_CONCURRENCY, retried=True).count(node).events


def shares_history(each: Each, tasks: Mapping[str, Task]) -> bool:
    """Whether items, as many as an inline Map runs at once, run in the execution itself.

    Where they may write more than half of its history they do not, however few they turn out to be.
    """
    most = limits.INLINE_MAP_CONCURRENCY
    items = most if each.size is None else min(each.size, most)
    return items * (limits.ITERATION_EVENTS + most_events(each.body, tasks)) <= limits.HISTORY_EVENTS // 2


_BEGINNING = limits.PASS_EVENTS + limits.EXECUTION_EVENTS


class _Counter:
    """Counts; `items`: how many a mapped task is taken to have; `retried`: whether each task takes all of its tries.

    `most` are the events of each part that was met.
    """

    def __init__(
        self, tasks: Mapping[str, Task], parts: Mapping[int, str], items: int = EXPECTED_ITEMS, *, retried: bool = False
    ) -> None:
        self._tasks, self._parts, self._items, self._retried = tasks, parts, items, retried
        self.most = [0]

    def count(self, node: Node, *, whole: bool = False, last: bool = True) -> Prediction:
        """What a run of `node` costs; `last`: nothing comes after it in its branch."""
        if not whole and id(node) in self._parts:
            inner = self.count(node, whole=True)
            self.most.append(inner.events + _BEGINNING)
            # The state that starts the child, and the one that it starts with.
            return Prediction(inner.transitions + 2, limits.CHILD_EVENTS, inner.concurrency)
        match node:
            case Run(task):
                return self._run(self._tasks[task], last=last)
            case Finish():
                return Prediction(1, limits.TASK_EVENTS, 1)
            case Await():
                # It registers in a moment, and then holds no worker.
                again = limits.TOKEN_RETRY_EVENTS * MOST_ROUNDS if self._retried else 0
                return Prediction(1, limits.TOKEN_TASK_EVENTS + again, 0)
            case Each(body=body, size=size, limit=limit):
                inside, items = self.count(body), self._items if size is None else size
                inline = shares_history(node, self._tasks)
                if not inline or items > limits.INLINE_MAP_CONCURRENCY:
                    self.most.append(inside.events + limits.EXECUTION_EVENTS)
                return _each(inside, size, items, limit, inline=inline)
            case Series(steps):
                ends = (*(False for _ in steps[1:]), last)
                inside = [self.count(step, last=end) for step, end in zip(steps, ends, strict=True)]
                own, events, at_once = 0, 0, max(part.concurrency for part in inside)
            case Parallel(branches):
                inside = [self.count(branch) for branch in branches]
                own, events, at_once = 1, limits.PARALLEL_EVENTS, sum(part.concurrency for part in inside)
        return Prediction(
            own + sum(part.transitions for part in inside), events + sum(part.events for part in inside), at_once
        )

    def _run(self, task: Task, *, last: bool) -> Prediction:
        tries = limits.TASK_EVENTS
        if self._retried:
            tries += limits.RETRY_EVENTS * min(task.retry.retries, MOST_RETRIES)
        if not task.runs_again:
            return Prediction(1, tries, 1)
        # Each look is followed by a choice, and the choice by a state to lead to. Who waits is taken to look twice.
        looks, waits = (2, 1) if isinstance(task.component, Wait) else (1, 0)
        beside = looks + waits + int(last)
        return Prediction(looks + beside, looks * tries + beside * limits.PASS_EVENTS, 1)


def _each(body: Prediction, known: int | None, size: int, limit: int | None, *, inline: bool) -> Prediction:
    """The decision, the Map and the record, and the body for each item; a distributed Map's events are its own.

    Items that are `known` beforehand need no decision; where there are any number, a choice comes before the Map, but
    where even few are not to be `inline`.
    """
    at_once = min(size, limit or size)
    decision, choice = int(not known), int(known is None and inline)
    own = decision + choice + 2
    events = (decision + 1) * limits.TASK_EVENTS + choice * limits.PASS_EVENTS
    if not inline or size > limits.INLINE_MAP_CONCURRENCY:
        events += limits.DISTRIBUTED_MAP_EVENTS
        return Prediction(own + size * (body.transitions + 1), events, at_once * body.concurrency)
    events += limits.MAP_EVENTS + size * (limits.ITERATION_EVENTS + body.events)
    return Prediction(own + size * body.transitions, events, max(1, at_once * body.concurrency))
