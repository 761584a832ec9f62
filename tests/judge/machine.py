"""A small interpreter of emitted machines: the states the compiler uses, branches interleaved at random, no waiting.

It reads the JSON alone. Each step of a branch is one `yield`, so that whoever drives it decides which branch goes next;
it gives True where the branch waits for a token and cannot go on before one is sent.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, NamedTuple

from judge.expressions import Scope, evaluate
from judge.tokens import Tokens

Json = Any
#: Errors that States.ALL does not stand for.
UNCATCHABLE = frozenset({"States.DataLimitExceeded", "States.Runtime"})
MOST_TRANSITIONS = 100_000
Steps = Generator[bool, None, Json]
WAITS = ".waitForTaskToken"


class StateError(Exception):
    """An error as Step Functions knows it."""

    def __init__(self, name: str, cause: str = "") -> None:
        super().__init__(name, cause)
        self.name = name
        self.cause = cause


class Finished(NamedTuple):
    """An execution's end: SUCCEEDED with its output, FAILED with the error's name, or HUNG: all branches wait."""

    status: str
    output: Json


#: An answer, or the steps to it.
Invoke = Callable[[Json], Json]


def run(
    definition: Mapping[str, Json],
    invoke: Invoke,
    source: random.Random,
    context: Mapping[str, Json],
    tokens: Tokens | None = None,
    impatience: float = 0.0,
    idle: Callable[[], bool] = lambda: False,
) -> Finished:
    """Execute a machine; `invoke` answers the handler's events, or raises StateError; it may take several steps.

    `tokens` are those that the handler sends back. `impatience`: how often a waiting state, looked at, times out.
    `idle` is asked when all branches wait, and says whether it did something.
    """
    tokens = tokens or Tokens()
    execution = _Execution(invoke, source, context, tokens, impatience)
    steps = execution.block(definition, {}, {})
    try:
        while True:
            sent = tokens.sent
            if next(steps) and sent == tokens.sent and not idle():
                return Finished("HUNG", None)
    except StopIteration as end:
        return Finished("SUCCEEDED", end.value)
    except StateError as error:
        return Finished("FAILED", error.name)


class _Execution:
    def __init__(
        self, invoke: Invoke, source: random.Random, context: Mapping[str, Json], tokens: Tokens, impatience: float
    ) -> None:
        self._invoke = invoke
        self._source = source
        self._context = context
        self._tokens = tokens
        self._impatience = impatience
        self._transitions = 0

    def block(self, block: Mapping[str, Json], variables: Mapping[str, Json], given: Json) -> Steps:
        """The states of a machine or branch, from the first to an end; its output."""
        own = dict(variables)
        name: str = block["StartAt"]
        while True:
            self._transitions += 1
            assert self._transitions < MOST_TRANSITIONS, "the machine goes in circles"
            state = block["States"][name]
            match state["Type"]:
                case "Succeed":
                    return self._out(state, Scope(given, self._context, own), given)
                case "Fail":
                    raise StateError(state.get("Error", ""), "")
                case "Choice":
                    name = self._choose(state, Scope(given, self._context, own))
                    continue
                case _:
                    following, given = yield from self._active(state, own, given)
            if following is None:
                return given
            name = following

    def _active(
        self, state: Mapping[str, Json], own: dict[str, Json], given: Json
    ) -> Generator[bool, None, tuple[str | None, Json]]:
        """Pass, Task, Wait, Parallel or Map, with Retry and Catch: what follows (None: the end), and its input."""
        used: dict[int, int] = {}
        while True:
            yield False
            scope = Scope(given, self._context, own)
            try:
                result = yield from self._result(state, scope)
            except StateError as error:
                if _retried(state.get("Retry", ()), error.name, used):
                    continue
                failed = {"Error": error.name, "Cause": error.cause}
                scope = scope._replace(error=failed)
                for catcher in state.get("Catch", ()):
                    if _matches(catcher["ErrorEquals"], error.name):
                        output = self._out(catcher, scope, failed)
                        self._assign(catcher, scope, own)
                        return catcher["Next"], output
                raise
            scope = scope._replace(result=result)
            output = self._out(state, scope, result)
            self._assign(state, scope, own)
            return (None if state.get("End") else state["Next"]), output

    def _result(self, state: Mapping[str, Json], scope: Scope) -> Steps:
        match state["Type"]:
            case "Pass" | "Wait":
                return scope.input
            case "Task" if state["Resource"].endswith(WAITS):
                return (yield from self._until_sent_back(state, scope))
            case "Task":
                arguments = evaluate(state.get("Arguments", scope.input), scope)
                return {"Payload": (yield from self._ask(arguments["Payload"])), "StatusCode": 200}
            case "Parallel":
                given = evaluate(state.get("Arguments", scope.input), scope)
                branches = [self.block(branch, scope.variables, given) for branch in state["Branches"]]
                return (yield from self._side_by_side(branches))
            case "Map":
                items = [
                    self.block(state["ItemProcessor"], scope.variables, self._selected(state, scope, index, item))
                    for index, item in enumerate(evaluate(state["Items"], scope))
                ]
                return (yield from self._side_by_side(items))
            case other:
                raise AssertionError(f"no state of type {other} is known")

    def _selected(self, state: Mapping[str, Json], scope: Scope, index: int, item: Json) -> Json:
        assert state["ItemProcessor"]["ProcessorConfig"] == {"Mode": "INLINE"}, "no other mode is known"
        context = {**scope.context, "Map": {"Item": {"Index": index, "Value": item}}}
        return evaluate(state.get("ItemSelector", item), scope._replace(context=context))

    def _ask(self, event: Json) -> Steps:
        answer = self._invoke(event)
        return (yield from answer) if isinstance(answer, Generator) else answer

    def _until_sent_back(self, state: Mapping[str, Json], scope: Scope) -> Steps:
        token = self._tokens.new()
        scope = scope._replace(context={**scope.context, "Task": {"Token": token}})
        try:
            yield from self._ask(evaluate(state["Arguments"], scope)["Payload"])
            while not (sent := self._tokens.sent_back(token)):
                if self._source.random() < self._impatience:
                    raise StateError("States.Timeout")
                yield True
        finally:
            self._tokens.drop(token)
        return sent[0]

    def _side_by_side(self, branches: Sequence[Steps]) -> Steps:
        outputs: list[Json] = [None] * len(branches)
        live = dict(enumerate(branches))
        waiting: dict[int, int] = {}
        while live:
            able = [number for number in live if waiting.get(number) != self._tokens.sent]
            if not able:
                yield True
                continue
            number = self._source.choice(able)
            sent = self._tokens.sent
            try:
                waits = next(live[number])
            except StopIteration as end:
                outputs[number] = end.value
                del live[number]
            else:
                waiting[number] = sent if waits else -1
            yield False
        return outputs

    def _choose(self, state: Mapping[str, Json], scope: Scope) -> str:
        for choice in state["Choices"]:
            if evaluate(choice["Condition"], scope) is True:
                self._assign(choice, scope, scope.variables)
                return choice["Next"]
        if "Default" not in state:
            raise StateError("States.NoChoiceMatched")
        return state["Default"]

    def _out(self, state: Mapping[str, Json], scope: Scope, otherwise: Json) -> Json:
        return evaluate(state["Output"], scope) if "Output" in state else otherwise

    def _assign(self, state: Mapping[str, Json], scope: Scope, own: dict[str, Json]) -> None:
        own |= {name: evaluate(value, scope) for name, value in state.get("Assign", {}).items()}


def _retried(retriers: Sequence[Mapping[str, Json]], error: str, used: dict[int, int]) -> bool:
    """Whether the first retrier that knows the error has an attempt left; each counts its own."""
    for number, retrier in enumerate(retriers):
        if _matches(retrier["ErrorEquals"], error):
            used[number] = used.get(number, 0) + 1
            return used[number] <= retrier.get("MaxAttempts", 3)
    return False


def _matches(names: Sequence[str], error: str) -> bool:
    if error in UNCATCHABLE:
        return error in names and error != "States.DataLimitExceeded"
    task_failed = "States.TaskFailed" in names and error != "States.Timeout"
    return error in names or "States.ALL" in names or task_failed


def load(definition: bytes) -> Mapping[str, Json]:
    """A definition as the compiler encodes it."""
    return json.loads(definition)
