"""What an execution of a machine leaves behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

Event = Mapping[str, object]


class Iteration(NamedTuple):
    """What an execution of a Distributed Map's item cost: billed transitions, its start included, and its events."""

    transitions: int
    events: int


class Execution(msgspec.Struct, frozen=True, kw_only=True):
    """A closed execution.

    `status` is SUCCEEDED, FAILED, TIMED_OUT or ABORTED; `output` is a JSON value, None unless it succeeded;
    `history` are the events of GetExecutionHistory, oldest first; `children` are the executions that it started, and
    those that they did; `iterations` are those of its Distributed Maps, which keep no history here.
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
    iterations: tuple[Iteration, ...] = ()

    @property
    def whole(self) -> tuple[Execution, ...]:
        """This execution and its children."""
        return (self, *self.children)

    @property
    def transitions(self) -> int:
        """What AWS would bill for all that it was."""
        return sum(
            transitions(one.history) + sum(iteration.transitions for iteration in one.iterations) for one in self.whole
        )

    @property
    def events(self) -> int:
        """The history events of the execution that has the most of them."""
        of_iterations = (iteration.events for one in self.whole for iteration in one.iterations)
        return max(*(len(one.history) for one in self.whole), *of_iterations, 0)


def transitions(history: Sequence[Event]) -> int:
    """State transitions as AWS bills them: states entered, and one more for each retry."""
    # moto's own types are texts that print otherwise.
    kinds = [f"{event['type']!s}".rpartition(".")[2] for event in history]

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
