"""What a finished run was to cost, by the prediction, given what came of its tasks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from core_compiler.asl.expressions import plain
from core_compiler.asl.lint.model import Json, kind_of, mapping, sequence
from core_compiler.emit.expected import Asked, Cost, NoPredictionError, Outcome, expected
from core_compiler.emit.kept import FOLDER
from transpilers.local.account import machine_arn
from transpilers.local.bundle import Bundle
from transpilers.local.execution import Execution
from transpilers.local.results import TaskResults


def expected_cost(bundle: Bundle, execution: Execution, found: TaskResults) -> Cost | None:
    """The cost of a run whose tasks ended like this.

    None where it was stopped before its own end, or the machine is not as the compiler writes them.
    """
    if execution.status not in ("SUCCEEDED", "FAILED"):
        return None
    children = {machine_arn(name): definition for name, definition in bundle.children.items()}
    loops = [loop for definition in (bundle.machine, *children.values()) for loop in _loops(definition)]
    asked = _asked(loops, execution, found.outcomes) if loops else {}
    try:
        return expected(bundle.machine, children, found.outcomes, asked, _kept(bundle))
    except NoPredictionError:
        return None


def _kept(bundle: Bundle) -> dict[str, Json]:
    """The events that no state has room for, by the names that states give them."""
    folder = bundle.code / "user" / FOLDER
    return {path.stem: mapping(json.loads(path.read_bytes())) for path in folder.glob("*.json")}


class _Loop(NamedTuple):
    """The states around a task that asks for others (`core_compiler.emit.dynamic`)."""

    task: str
    new: str
    wait: str
    item: str
    settle: str


#: Of the choice after a task that may ask for others: for new ones, and to wait.
_WAYS = 2


def _loops(definition: Json) -> Iterator[_Loop]:
    waiting = [definition]
    while waiting:
        states = mapping(waiting.pop().get("States"))
        for state in map(mapping, states.values()):
            waiting += map(mapping, sequence(state.get("Branches")))
            again = mapping(states.get(str(state.get("Next"))))
            payload = mapping(mapping(state.get("Arguments")).get("Payload"))
            ways = [str(mapping(rule).get("Next")) for rule in sequence(again.get("Choices"))]
            if payload.get("op") == "run" and kind_of(again) == "Choice" and len(ways) == _WAYS:
                new, wait = ways
                body = mapping(mapping(states.get(new)).get("ItemProcessor"))
                item = str(body.get("StartAt"))
                catch = sequence(mapping(mapping(body.get("States")).get(item)).get("Catch"))
                settle = str(mapping(catch[0]).get("Next")) if catch else ""
                yield _Loop(plain(payload.get("task")), new, wait, item, settle)


def _asked(loops: list[_Loop], execution: Execution, outcomes: Mapping[str, Outcome]) -> dict[str, Asked]:
    """How often tasks asked for others is in no record: it is told by the states that were entered for them."""
    entered: Counter[str] = Counter()
    new: dict[str, list[int]] = {loop.item: [] for loop in loops}
    for event in (event for one in execution.whole for event in one.history):
        details = mapping(event.get("stateEnteredEventDetails"))
        name = str(details.get("name"))
        entered[name] += bool(details)
        if name in new:
            outcome = outcomes.get(str(mapping(json.loads(str(details.get("input")))).get("task")))
            new[name].append(1 if outcome is None else outcome.attempts)
    return {
        loop.task: Asked(entered[loop.new], entered[loop.wait], tuple(new[loop.item]), entered[loop.settle])
        for loop in loops
    }
