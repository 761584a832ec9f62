"""The judge's interpreter: what it would get wrong would be blamed on the compiler, or hide a fault of it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from judge.machine import StateError, run
from judge.memory import Killed, MemoryStore, MortalStore

INVOKE = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"Payload": {"n": "{% $n %}"}}}


def test_a_retrier_counts_its_own_attempts_and_catch_takes_what_is_left() -> None:
    asked: list[Any] = []

    def invoke(event: Any) -> Any:
        asked.append(event)
        raise StateError("A" if len(asked) % 2 else "B", "why")

    retriers = [{"ErrorEquals": ["A"], "MaxAttempts": 2}, {"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 1}]
    caught = [{"ErrorEquals": ["States.ALL"], "Next": "end", "Output": "{% $states.errorOutput %}"}]
    states = {
        "start": {"Type": "Pass", "Assign": {"n": 7}, "Next": "task"},
        "task": {**INVOKE, "Retry": retriers, "Catch": caught, "End": True},
        "end": {"Type": "Succeed"},
    }
    ended = run({"StartAt": "start", "States": states}, invoke, random.Random(0), {})
    assert asked == [{"n": 7}] * 4
    assert ended == ("SUCCEEDED", {"Error": "B", "Cause": "why"})


def test_branches_meet_in_every_order_and_one_error_ends_them_all() -> None:
    def branch(name: str) -> dict[str, Any]:
        task = {**INVOKE, "Arguments": {"Payload": name}}
        return {"StartAt": "a", "States": {"a": {**task, "Next": "b"}, "b": {**task, "End": True}}}

    fork = {"Type": "Parallel", "Branches": [branch("x"), branch("y")], "End": True}
    machine = {"StartAt": "fork", "States": {"fork": fork}}
    orders: set[str] = set()
    for seed in range(60):
        asked: list[str] = []
        assert run(machine, asked.append, random.Random(seed), {}).status == "SUCCEEDED"
        orders.add("".join(asked))
    assert orders == {"xxyy", "xyxy", "xyyx", "yyxx", "yxyx", "yxxy"}

    def fails(event: Any) -> Any:
        raise StateError("E")

    assert run(machine, fails, random.Random(0), {}) == ("FAILED", "E")


@pytest.mark.parametrize("effective", [False, True])
def test_a_dead_process_does_nothing_more(effective: bool) -> None:
    store = MemoryStore()
    mortal = MortalStore(store, 2, effective=effective)
    assert mortal.put_if_absent("a", b"1")
    for key in "bc":
        with pytest.raises(Killed):
            mortal.put(key, b"2")
    assert set(store.kept) == ({"a", "b"} if effective else {"a"})
    assert not store.put_if_absent("a", b"1")
