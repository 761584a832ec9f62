"""A failure that makes the rest of a run skipped, but for what clears up."""

from __future__ import annotations

import pytest
from support.handler_world import World, conforms

ENDS = "def fail():\n    raise ValueError('no')\n"


@pytest.fixture(autouse=True)
def ends(world: World) -> None:
    world.module("ends", ENDS)


def test_after_a_failure_other_tasks_are_skipped(world: World):
    assert world.run_task("before", skip_rest=True) == "success"
    assert world.run_task("bad", "ends:fail", skip_rest=True) == "failed"
    conforms(world.record("stopped"), "stoppedRecord")
    assert world.run_task("beside", skip_rest=True) == "skipped"
    assert world.run_task("below", skip_rest=True, upstream=["bad"]) == "skipped"
    assert world.run_task("clear", skip_rest=True, cleanup=True, rule="all_done", upstream=["below"]) == "success"
    assert world.run_task("before", skip_rest=True) == "success", "what is done stays"
    assert world.finish("below", "clear") == {"status": "success"}
    world.check_records()


def test_a_failed_try_stops_nothing_yet(world: World):
    with pytest.raises(Exception, match="try 1 of 2 failed"):
        world.run_task("bad", "ends:fail", skip_rest=True, retries=1)
    assert world.run_task("beside", skip_rest=True) == "success"


def test_a_task_between_two_tries_is_skipped(world: World):
    with pytest.raises(Exception, match="try 1 of 3 failed"):
        world.run_task("again", "ends:fail", skip_rest=True, retries=2)
    world.run_task("bad", "ends:fail", skip_rest=True)
    assert world.run_task("again", "ends:fail", skip_rest=True, retries=2) == "skipped"
    assert world.record("done/again")["try"] == 1


def test_a_task_that_was_out_of_tries_stays_failed(world: World):
    world.run_task("bad", "ends:fail", skip_rest=True)
    world.store.put(f"{world.run}/try/late/1/start", b'{"v":1,"attempt":"a","at":1,"deadline":2}')
    world.store.put(f"{world.run}/try/late/1/failed", b'{"v":1,"attempt":"a","at":1,"error":{"type":"E","message":""}}')
    assert world.run_task("late", "ends:fail", skip_rest=True) == "failed"


def test_the_failing_task_itself_is_not_skipped_when_its_attempt_died_before_its_record(world: World):
    world.store.put(f"{world.run}/stopped", b'{"v":1,"task":"bad","at":1}')
    assert world.run_task("bad", "ends:fail", skip_rest=True) == "failed"


def test_a_settled_failure_stops_the_rest_too(world: World):
    assert world.settle("bad", skip_rest=True, error={"Error": "States.Timeout"}) == "failed"
    assert world.run_task("beside", skip_rest=True) == "skipped"


def test_without_the_flag_nothing_is_looked_for(world: World):
    world.run_task("bad", "ends:fail", skip_rest=True)
    assert world.run_task("beside") == "success"


def items_end(world: World, **fields: object) -> str:
    """Record the items of `t`, whose Map came to an error before there were any."""
    shared = {"v": 1, "op": "record", "run": world.run, "task": "t", "tasks": ["t"], "skip_rest": True}
    return world.invoke(shared | {"error": {"Error": "States.Timeout"}} | fields)["status"]


def test_items_that_failed_stop_the_rest_too(world: World):
    assert items_end(world) == "failed"
    assert world.run_task("beside", skip_rest=True) == "skipped"


def test_a_task_with_too_many_items_stops_the_rest_too(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("handler.expand.MOST_ITEMS", 1)
    world.module("many", "def two(): return [1, 2]\n")
    world.run_task("two", "many:two", skip_rest=True, mapped_over=True)
    over = {"arguments": {"x": {"output": {"task": "two"}}}}
    shared = {"v": 1, "run": world.run, "task": "t", "skip_rest": True}
    assert world.invoke(shared | {"op": "expand", "over": over, "tasks": [{"task": "t"}]})["count"] == 0
    assert world.invoke(shared | {"op": "record", "tasks": ["t"]})["status"] == "failed"
    assert world.run_task("beside", skip_rest=True) == "skipped"


def test_a_failure_of_items_that_loses_to_a_skip_stops_nothing(world: World, monkeypatch: pytest.MonkeyPatch):
    real = world.store.put_if_absent

    def lose(key: str, value: bytes) -> bool:
        if key.endswith("done/t"):
            real(key, value.replace(b'"failed"', b'"skipped"'))
        return real(key, value)

    monkeypatch.setattr(world.store, "put_if_absent", lose)
    assert items_end(world) == "skipped"
    assert world.run_task("beside", skip_rest=True) == "success"


def test_who_finds_the_record_of_failed_items_stops_the_rest_again(world: World):
    items_end(world, skip_rest=False)
    assert world.run_task("beside", skip_rest=True) == "success"
    assert items_end(world) == "failed"
    assert world.run_task("below", skip_rest=True) == "skipped"


def test_an_items_failure_leaves_the_other_items_of_its_task_alone(world: World):
    """Found by reading Airflow (`_stop_remaining_tasks` passes over its own task id), and shown by `verify`."""
    over = {"over": {"arguments": {"x": {"value": [1, 2]}}, "lengths": {"x": 2}}, "skip_rest": True}
    assert world.invoke(world.event("t", "ends:fail", index=0, **over))["status"] == "failed"
    assert world.invoke(world.event("t", index=1, **over))["status"] == "success"
    assert world.invoke(world.event("t[x]", index=1, **over))["status"] == "skipped"
    assert world.run_task("beside", skip_rest=True) == "skipped"
    assert world.invoke(world.event("u", index=0, **over))["status"] == "skipped"
