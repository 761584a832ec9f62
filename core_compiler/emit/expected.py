"""What a finished run has to have cost, given how its tasks ended: the prediction that its history is held against.

It walks the definitions themselves, as Step Functions does, and knows of the plan only what they say. So it holds for
any bundle, and a run in which nothing fails has to cost what `core_compiler.emit.predict` said before there was one.
Events are counted by AWS's own table (`core_compiler.asl.limits`).

What it cannot know is what the platform did beside: a crash that cost no try is retried, and an Await that nobody has
woken for an hour registers anew. A real run then has so many more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from core_compiler.asl import limits
from core_compiler.asl.expressions import plain
from core_compiler.asl.lint.model import Json, kind_of, mapping, sequence


class Asked(msgspec.Struct, frozen=True):
    """How often a task asked for others while it ran: `rounds` with new ones, `waits` for what others had asked for.

    `attempts` are those of the new tasks, each at least 1; `settled` counts those that crashed for good.
    """

    rounds: int = 0
    waits: int = 0
    attempts: tuple[int, ...] = ()
    settled: int = 0


class Outcome(msgspec.Struct, frozen=True):
    """How a task or an item ended: its status, and how often its state was tried.

    `settled`: it crashed for good, and its settle state wrote that down. `items`: of a mapped task, how many it got.
    """

    status: str
    attempts: int = 1
    settled: bool = False
    items: int | None = None


class Cost(msgspec.Struct, frozen=True):
    """Billed transitions, and the history events of the execution that has the most."""

    transitions: int
    events: int


class NoPredictionError(Exception):
    """Nothing can be said, and the message says why.

    The run came to no end of its own, and how far it got was a matter of time; or a definition is not as the compiler
    writes them, and who knows what it does.
    """


#: Statuses of leaves with which a run succeeds (`handler.finish`).
_SOUND = frozenset({"success", "skipped"})


def expected(
    machine: Json,
    children: Mapping[str, Json],
    outcomes: Mapping[str, Outcome],
    asked: Mapping[str, Asked] | None = None,
    kept: Mapping[str, Json] | None = None,
) -> Cost:
    """The cost of a run that came to its own end.

    `children` are definitions by what stands for their ARN; `outcomes` are by task id, those of items by `task[0]`;
    `asked` is by task id; `kept` are events that no state has room for, by name (`core_compiler.emit.kept`). Raises
    NoPredictionError where an outcome is missing, as it is where a run was stopped, or such an event; and for
    definitions that were written or changed by hand so that their states cannot be followed.
    """
    walk = _Walk(children, outcomes, asked or {}, kept or {})
    transitions, events = walk.scope(machine, None)
    return Cost(transitions, max(events + limits.EXECUTION_EVENTS, *walk.executions, 0))


class _Step(NamedTuple):
    """What one state brings: transitions and events with all that is inside it, and the state after it."""

    transitions: int
    events: int
    after: object


class _Walk:
    def __init__(
        self,
        children: Mapping[str, Json],
        outcomes: Mapping[str, Outcome],
        asked: Mapping[str, Asked],
        kept: Mapping[str, Json],
    ) -> None:
        self._children = children
        self._outcomes = outcomes
        self._asked = asked
        self._kept = kept
        #: Events of the executions that others started.
        self.executions: list[int] = []

    def scope(self, body: Json, index: int | None) -> tuple[int, int]:
        """Transitions and events of a scope from its first state to its end; `index`: of the item that it is for."""
        states = mapping(body.get("States"))
        transitions = events = 0
        name = body.get("StartAt")
        seen: set[str] = set()
        while isinstance(name, str):
            if name in seen or name not in states:
                raise NoPredictionError(f"the state {name} is entered again" if name in seen else f"there is no {name}")
            seen.add(name)
            state = mapping(states.get(name))
            step = self._step(state, states, index)
            transitions, events, name = transitions + step.transitions, events + step.events, step.after
        return transitions, events

    def _step(self, state: Json, states: Json, index: int | None) -> _Step:
        after = state.get("Next")
        match kind_of(state):
            case "Task" if str(state.get("Resource")).endswith(".sync:2"):
                return self._child(state, after)
            case "Task":
                return self._task(state, states, index)
            case "Parallel":
                inside = [self.scope(mapping(branch), index) for branch in sequence(state.get("Branches"))]
                transitions, events = sum(own for own, _ in inside), sum(own for _, own in inside)
                return _Step(1 + transitions, limits.PARALLEL_EVENTS + events, after)
            case "Map":
                return self._map(state, self._items(self._event(mapping(states.get(str(after))))), after)
            case "Fail":
                return _Step(1, 1, None)
            case _:
                return _Step(1, limits.PASS_EVENTS, after or state.get("Default"))

    def _task(self, state: Json, states: Json, index: int | None) -> _Step:
        payload, after = self._event(state), state.get("Next")
        match payload.get("op"):
            case "run":
                return self._run(state, states, payload, index)
            case "await":
                return _Step(1, limits.TOKEN_TASK_EVENTS, after)
            case "expand":
                choice = mapping(states.get(str(after)))
                if kind_of(choice) != "Choice":
                    return _Step(1, limits.TASK_EVENTS, after)
                many = self._items(payload) > limits.INLINE_MAP_CONCURRENCY
                to = _first(choice, "Choices") if many else choice.get("Default")
                return _Step(2, limits.TASK_EVENTS + limits.PASS_EVENTS, to)
            case "finish":
                leaves = [self._outcome(plain(leaf)).status for leaf in sequence(payload.get("leaves"))]
                return _Step(1, limits.TASK_EVENTS, after if _SOUND.issuperset(leaves) else _first(state, "Catch"))
            case _:
                return _Step(1, limits.TASK_EVENTS, after)

    def _run(self, state: Json, states: Json, payload: Json, index: int | None) -> _Step:
        task = plain(payload.get("task"))
        outcome = self._outcome(task, index)
        if outcome.status == "failed" and payload.get("stop_on_failure"):
            raise NoPredictionError(f"the failure of {task} stopped it")
        transitions, events = _tried(outcome.attempts)
        loop = mapping(states.get(str(state.get("Next"))))
        after = state.get("Next")
        if kind_of(loop) == "Choice":
            more, further = _asking(self._asked.get(task, Asked()), ended=not outcome.settled)
            transitions, events, after = transitions + more, events + further, loop.get("Default")
        return _Step(transitions, events, _first(state, "Catch") if outcome.settled else after)

    def _map(self, state: Json, items: int, after: object) -> _Step:
        body = mapping(state.get("ItemProcessor"))
        inside = [self.scope(body, index) for index in range(items)]
        transitions = 1 + sum(own for own, _ in inside)
        if mapping(body.get("ProcessorConfig")).get("Mode") == "DISTRIBUTED":
            self.executions += [events + limits.EXECUTION_EVENTS for _, events in inside]
            return _Step(transitions + items, limits.DISTRIBUTED_MAP_EVENTS, after)
        events = sum(limits.ITERATION_EVENTS + own for _, own in inside)
        return _Step(transitions, limits.MAP_EVENTS + events, after)

    def _child(self, state: Json, after: object) -> _Step:
        arn = str(mapping(state.get("Arguments")).get("StateMachineArn"))
        if arn not in self._children:
            raise NoPredictionError(f"there is no machine {arn}")
        transitions, events = self.scope(self._children[arn], None)
        self.executions.append(events + limits.EXECUTION_EVENTS)
        return _Step(1 + transitions, limits.CHILD_EVENTS, after)

    def _items(self, payload: Json) -> int:
        """How many items the tasks of an expand or a record got: all of them the same, or none."""
        tasks = [plain(mapping(one).get("task", one)) for one in sequence(payload.get("tasks"))]
        if not tasks:
            raise NoPredictionError("a Map is not that of a mapped task")
        return max(self._outcome(task).items or 0 for task in tasks)

    def _event(self, state: Json) -> Json:
        payload = mapping(mapping(state.get("Arguments")).get("Payload"))
        rest = payload.get("rest")
        if rest is None:
            return payload
        if str(rest) not in self._kept:
            raise NoPredictionError(f"the event of {plain(payload.get('task'))} is not there")
        return {**payload, **self._kept[str(rest)]}

    def _outcome(self, task: str, index: int | None = None) -> Outcome:
        whole = self._outcomes.get(task)
        if index is not None and (whole is None or whole.items != 0):
            whole = self._outcomes.get(f"{task}[{index}]")
        if whole is None:
            raise NoPredictionError(f"{task} was not reached")
        return whole


def _tried(attempts: int) -> tuple[int, int]:
    """The transitions and events of a task's state that was tried so often."""
    return attempts, limits.TASK_EVENTS + limits.RETRY_EVENTS * (attempts - 1)


def _asking(asked: Asked, *, ended: bool) -> tuple[int, int]:
    """What is around a task that asks for others (`core_compiler.emit.dynamic`), and its own state each time after."""
    again = asked.rounds + asked.waits
    new = [_tried(attempts) for attempts in asked.attempts]
    choices = again + ended
    transitions = choices + 2 * again + asked.settled + sum(own for own, _ in new)
    events = (
        choices * limits.PASS_EVENTS
        + again * limits.TASK_EVENTS
        + asked.rounds * limits.MAP_EVENTS
        + asked.waits * limits.PASS_EVENTS
        + asked.settled * limits.TASK_EVENTS
        + sum(limits.ITERATION_EVENTS + own for _, own in new)
    )
    return transitions, events


def _first(state: Json, ways: str) -> object:
    """Where the first of these ways out of a state leads."""
    for way in sequence(state.get(ways)):
        return mapping(way).get("Next")
    raise NoPredictionError(f"a state has no {ways}")
