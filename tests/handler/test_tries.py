"""Tries and attempts: crashes, time-outs, zombies and late answers, each in its order, under a clock moved by hand."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.handler_world import Clock, World

from handler import tries
from handler.errors import TaskFailed, TryFailed
from handler.invocation import Invocation
from handler.keys import task_keys
from handler.records import ErrorInfo
from handler.store.file import FileStore

KEYS = task_keys("m/e/t", "t")


@pytest.fixture
def failing(world: World) -> World:
    world.module("failing", "def run():\n    raise ValueError('no')\n")
    return world


def invocation(world: World, attempt: str, remaining: float = 900.0) -> Invocation:
    return Invocation(world.store, attempt, world.clock, lambda: remaining)


def crash(world: World, attempt: str, *, retries: int = 0, timeout: float | None = None) -> tries.Try | tries.Exhausted:
    """Begin a try and never come back."""
    return tries.enter(invocation(world, attempt), KEYS, retries, timeout)


def test_the_first_try_has_a_start_with_its_deadline(world: World):
    assert crash(world, "a", timeout=60) == tries.Try(1, 1000.0, 60)
    assert world.record("try/t/1/start") == {"v": 1, "attempt": "a", "at": 1000.0, "deadline": 1060.0}


def test_without_a_time_out_the_lambda_s_own_end_is_the_deadline(world: World):
    begun = tries.enter(invocation(world, "a", remaining=100), KEYS, 0, None)
    assert world.record("try/t/1/start")["deadline"] == 1100.0
    assert isinstance(begun, tries.Try)
    assert 90 <= begun.seconds < 100


def test_the_lambda_s_end_cuts_a_longer_time_out_short(world: World):
    begun = tries.enter(invocation(world, "a", remaining=5), KEYS, 0, 60)
    assert isinstance(begun, tries.Try)
    assert 4 <= begun.seconds < 5


def test_retries_are_asked_for_and_then_the_task_has_failed(failing: World):
    for number in (1, 2):
        with pytest.raises(TryFailed, match=f"try {number} of 3 failed: ValueError: no"):
            failing.run_task("t", "failing:run", retries=2)
    assert failing.run_task("t", "failing:run", retries=2) == "failed"
    done = failing.record("done/t")
    assert (done["try"], done["error"]) == (3, {"type": "ValueError", "message": "no"})
    assert failing.listed("try/") == [f"try/t/{number}/{name}" for number in (1, 2, 3) for name in ("failed", "start")]


def test_a_try_that_succeeds_at_last_counts_the_failed_ones(world: World):
    world.module(
        "third", "calls = []\ndef run():\n    calls.append(1)\n    assert len(calls) == 3\n    return len(calls)\n"
    )
    for _ in range(2):
        with pytest.raises(TryFailed):
            world.run_task("t", "third:run", retries=5)
    assert world.run_task("t", "third:run", retries=5) == "success"
    assert world.record("done/t")["try"] == 3
    assert world.record("done/t")["values"] == {"return_value": {"inline": 3}}


def test_a_crashed_attempt_costs_no_try(world: World):
    crash(world, "a", timeout=60)
    world.clock.now += 10
    assert crash(world, "b", timeout=60) == tries.Try(1, 1010.0, 60, again=True)
    assert world.listed("try/") == ["try/t/1/start"]


def test_a_start_past_its_deadline_was_a_failed_try(world: World):
    crash(world, "a", retries=1, timeout=60)
    world.clock.now += 61
    assert crash(world, "b", retries=1, timeout=60) == tries.Try(2, 1061.0, 60)
    error = world.record("try/t/1/failed")["error"]
    assert error == {"type": "TimedOut", "message": "no end was heard of attempt a in its 60.0 s"}


def test_the_deadline_itself_is_not_past(world: World):
    crash(world, "a", retries=1, timeout=60)
    world.clock.now += 60
    assert crash(world, "b", retries=1, timeout=60).number == 1


def test_no_try_is_left(world: World):
    crash(world, "a", timeout=60)
    world.clock.now += 61
    assert world.run_task("t", timeout=60) == "failed"
    done = world.record("done/t")
    assert (done["try"], done["error"]["type"]) == (1, "TimedOut")
    assert "started" not in done


def test_an_attempt_that_dies_between_failure_and_done_is_told_by_the_next(failing: World):
    tries.enter(invocation(failing, "a"), KEYS, 0, None)
    tries.fail(invocation(failing, "a"), KEYS, 1, ErrorInfo("KeyError", "lost"))
    assert failing.run_task("t", "failing:run") == "failed"
    assert failing.record("done/t")["error"] == {"type": "KeyError", "message": "lost"}


def test_the_first_failure_of_a_try_is_the_one_kept(world: World):
    tries.fail(invocation(world, "a"), KEYS, 1, ErrorInfo("A", "first"))
    tries.fail(invocation(world, "b"), KEYS, 1, ErrorInfo("B", "second"))
    assert world.record("try/t/1/failed")["error"]["type"] == "A"


ZOMBIE = """
import zombie_world
def run():
    zombie_world.meanwhile()
    return 'late'
"""


def meanwhile(world: World, act) -> None:
    """Let something happen while the task runs."""
    import sys
    import types

    module = types.ModuleType("zombie_world")
    vars(module)["meanwhile"] = act
    module.__file__ = str(world._user / "zombie_world.py")
    sys.modules["zombie_world"] = module
    world.module("zombie", ZOMBIE)


def test_a_late_success_after_a_settled_failure_changes_nothing(world: World):
    meanwhile(world, lambda: world.settle("t", error={"Error": "States.Timeout", "Cause": ""}))
    assert world.run_task("t", "zombie:run") == "failed"
    assert world.record("done/t")["error"]["type"] == "States.Timeout"
    assert world.run_task("reader", "", upstream=["t"], rule="all_done") == "success"
    with pytest.raises(TaskFailed, match=r"task t failed: States\.Timeout"):
        world.run_task("t", "zombie:run", stop_on_failure=True)


def test_a_late_failure_after_a_success_tells_the_success(world: World):
    world.module("late", "import zombie_world\ndef run():\n    zombie_world.meanwhile()\n    raise ValueError\n")
    meanwhile(world, lambda: world.run_task("t"))
    assert world.run_task("t", "late:run") == "success"
    assert world.record("done/t")["attempt"] == "attempt-2"
    assert "try/t/1/failed" in world.listed("try/")


def test_a_zombie_s_values_do_not_mix_with_the_winner_s(world: World):
    large = "x" * 20_000
    world.module("large", f"def run():\n    return {large!r}\n")
    world.module("slow", "import zombie_world\ndef run():\n    zombie_world.meanwhile()\n    return 'y' * 20_000\n")
    meanwhile(world, lambda: world.run_task("t", "large:run"))
    assert world.run_task("t", "slow:run") == "success"
    ref = world.record("done/t")["values"]["return_value"]["ref"]
    assert json.loads(world.store.get(ref) or b"") == large
    assert len(world.listed("out/t/")) == 2


def test_an_answer_lost_on_the_way_does_not_make_a_winner_a_loser(world: World, monkeypatch):
    """S3 wrote the record, the client heard nothing and asked again: 412 for our own record."""
    real = FileStore.put_if_absent

    def twice(self: FileStore, key: str, value: bytes) -> bool:
        real(self, key, value)
        return real(self, key, value)

    monkeypatch.setattr(FileStore, "put_if_absent", twice)
    assert world.run_task("t") == "success"
    assert world.record("done/t")["try"] == 1


EVENTS = st.lists(st.sampled_from(["crash", "late", "fail", "again"]), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3), EVENTS)
def test_in_any_order_no_try_is_counted_twice_or_left_out(tmp_path_factory, retries: int, happenings: list[str]):
    """Whatever happens, tries are numbered without a gap, and never more than the source allows."""
    clock = Clock()
    store = FileStore(str(tmp_path_factory.mktemp("store")))
    names = itertools.count()
    failures = 0
    for happening in happenings:
        self_ = Invocation(store, f"attempt-{next(names)}", clock, lambda: 900.0)
        begun = tries.enter(self_, KEYS, retries, 60)
        if isinstance(begun, tries.Exhausted):
            assert begun.number == retries + 1 == failures
            return
        assert begun.number == failures + 1 <= retries + 1
        match happening:
            case "fail":
                tries.fail(self_, KEYS, begun.number, ErrorInfo("E", ""))
                failures += 1
            case "late":
                clock.now += 61
                failures += 1
            case _:
                clock.now += 0.1
    assert tries.count(Invocation(store, "last", clock, lambda: 900.0), KEYS) in (failures, failures + 1)
