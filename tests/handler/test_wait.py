"""Waiting until a time that follows from the run's dates."""

from __future__ import annotations

from typing import Any

import pytest
from support.handler_world import World

DATE = 1767225600.0
CONTEXT = {"started": "2026-01-01T00:00:00Z", "input": {"logical_date": "2026-01-01T00:00:00+00:00"}}


def _event(**config: object) -> dict[str, Any]:
    return {
        "v": 1,
        "op": "run",
        "run": World.run,
        "task": "t",
        "component_name": "wait",
        "component_config": {"seconds": 90, **config},
        "context": CONTEXT,
        "retries": 2,
    }


@pytest.mark.parametrize(("early", "values"), [(True, {"return_value": {"inline": True}}), (False, {})])
def test_a_time_that_is_past_is_not_waited_for(world: World, early: bool, values: dict[str, Any]):
    world.clock.now = DATE + 91
    assert world.invoke(_event(early=early))["status"] == "success"
    assert world.record("done/t")["values"] == values


def test_it_is_waited_for_and_leaves_nothing(world: World):
    world.clock.now = DATE
    event = _event(early=True, limit=3600)
    assert (world.invoke(event)["status"], world.invoke(event)["wait"]) == ("pending", 91)
    world.clock.now += 60.5
    assert world.invoke(event)["wait"] == 30
    world.clock.now += 30
    assert world.invoke(event)["status"] == "success"
    assert (world.record("done/t")["values"], world.record("done/t")["try"]) == ({}, 1)


@pytest.mark.parametrize(("soft", "status"), [(True, "skipped"), (False, "failed")])
def test_who_waits_too_long_is_not_tried_again(world: World, soft: bool, status: str):
    world.clock.now = DATE
    event = _event(soft=soft, limit=60)
    assert world.invoke(event)["wait"] == 61
    # It does not matter when it is asked again.
    world.clock.now += 100
    assert world.invoke(event)["status"] == status
