"""Rendezvous: who waits with a token is woken by whoever ends last, and repeats change nothing."""

from __future__ import annotations

import pytest
from support.handler_world import World

from handler.errors import InfrastructureError, InvalidEvent
from handler.events import parse
from handler.keys import wait_key
from handler.tokens import Refusal, told_by


def test_a_waiter_is_woken_by_whoever_ends_last(world: World):
    world.wait("c", "T1", "a", "b")
    world.run_task("a", waiters=True)
    assert world.sent == []
    world.run_task("b", waiters=True)
    assert world.sent == [("T1", {"a": "success", "b": "success"})]
    world.check_records()


def test_one_that_comes_late_wakes_itself(world: World):
    world.run_task("a")
    world.wait("c", "T1", "a")
    assert world.sent == [("T1", {"a": "success"})]


def test_a_task_that_nobody_awaits_does_not_look(world: World):
    world.wait("c", "T1", "a")
    world.run_task("a")
    assert world.sent == []


def test_whoever_tells_of_the_end_again_wakes_again(world: World):
    world.run_task("a", waiters=True)
    world.wait("c", "T1", "a")
    world.wait("c", "T2", "a")
    world.sent.clear()
    world.run_task("a", waiters=True)
    world.settle("a", waiters=True)
    assert sorted(token for token, _ in world.sent) == ["T1", "T1", "T2", "T2"]


def test_a_failure_written_by_settle_wakes_too(world: World):
    world.wait("c", "T1", "a")
    assert world.settle("a", waiters=True) == "failed"
    assert world.sent == [("T1", {"a": "failed"})]


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_a_stale_token_is_passed_over(world: World, code: str):
    world.refusals["T1"] = code
    world.wait("c", "T1", "a")
    world.wait("c", "T2", "a")
    assert world.run_task("a", waiters=True) == "success"
    assert [token for token, _ in world.sent] == ["T2"]


def test_any_other_refusal_is_raised_and_repeated(world: World):
    world.refusals["T1"] = "ThrottlingException"
    world.wait("c", "T1", "a")
    with pytest.raises(InfrastructureError, match="cannot wake task c: ThrottlingException"):
        world.run_task("a", waiters=True)
    world.refusals.clear()
    assert world.run_task("a", waiters=True) == "success"
    assert [token for token, _ in world.sent] == ["T1"]


def test_tokens_of_one_task_have_keys_of_their_own(world: World):
    world.wait("c", "T1", "a")
    world.wait("c", "T2", "a")
    assert len(world.listed("wait/a/c/")) == 2
    assert wait_key("r", "a", "c", "T1") != wait_key("r", "a", "c", "T2")


def test_a_task_whose_name_begins_like_another_is_not_mixed_up_with_it(world: World):
    world.wait("c", "T1", "ab")
    world.run_task("a", waiters=True)
    assert world.sent == []


def test_a_rule_is_waited_for_only_until_it_is_decided(world: World):
    fields = {"rule": "one_success", "upstream": ["a", "b"]}
    world.wait("c", "T1", **fields)
    world.settle("a", waiters=True)
    assert world.sent == []
    world.run_task("b", waiters=True)
    assert world.sent == [("T1", {"a": "failed", "b": "success"})]
    world.sent.clear()
    world.wait("c", "T2", "g", **fields)
    assert world.sent == []
    world.run_task("g", waiters=True)
    assert [token for token, _ in world.sent] == ["T2"]
    world.check_records()


def test_many_statuses_are_left_in_the_store(world: World):
    others = [f"a rather long name of a task, number {number:05}" for number in range(1500)]
    for other in others:
        world.run_task(other)
    world.wait("c", "T1", *others)
    assert world.sent == [("T1", {})]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({}, "others: at least one"),
        ({"others": ["a"], "rule": "one_success"}, "rule: a rule is waited for together"),
        ({"others": ["a"], "upstream": ["b"]}, "rule: a rule is waited for together"),
        ({"others": ["a"], "token": None}, "token: a non-empty string"),
        ({"others": ["a"], "until": "all"}, "unknown fields: until"),
    ],
)
def test_wrong_events_are_refused(fields: dict[str, object], fault: str):
    with pytest.raises(InvalidEvent, match=fault):
        parse({"v": 1, "op": "await", "run": "r", "task": "c", "token": "T", **fields})


def test_a_broken_wait_record_is_named(world: World):
    world.store.put(wait_key(world.run, "a", "c", "T1"), b'{"v":1,"task":"c"}')
    with pytest.raises(InfrastructureError, match=r"wait/a/c/.* holds no record"):
        world.run_task("a", waiters=True)
    world.wait("c", "T1", "a")


def test_the_local_engine_is_told_through_the_context():
    assert told_by(lambda token, output: ("", ""))("T", "{}") is None
    assert told_by(lambda token, output: ("InvalidToken", "no"))("T", "{}") == Refusal("InvalidToken", "no")
