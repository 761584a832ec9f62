"""The rendezvous protocol, searched: nothing goes wrong, and without any one of its rules something does."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from judge.memory import MemoryStore
from rendezvous.protocol import Need, Rules, search, walk
from support.handler_world import World

import handler.execute
import handler.rendezvous
import handler.settle

ONE = Need((0,))
BOTH = Need((0, 1))
EITHER = Need((0, 1), first_success=True)


@pytest.mark.parametrize(
    ("needs", "faults", "finishers"),
    [
        pytest.param((BOTH, EITHER), 0, 2, id="two wait for two"),
        pytest.param((BOTH,), 1, 2, id="one waits for two, a fault"),
        pytest.param((EITHER,), 1, 2, id="one waits for the first success of two, a fault"),
        pytest.param((ONE, ONE), 1, 1, id="two wait for one, a fault"),
        pytest.param((ONE,), 2, 1, id="one waits for one, two faults"),
    ],
)
def test_nothing_goes_wrong(needs: tuple[Need, ...], faults: int, finishers: int):
    found = search(needs, Rules(), faults, finishers)
    assert found.wrong == {}
    assert found.states > 1000


@pytest.mark.parametrize(
    ("rule", "faults", "wrong"),
    [
        ("only_if_absent", 1, "two stories"),
        ("key_for_each_token", 1, "hung"),
        ("release_again", 1, "hung"),
        ("register_first", 0, "hung"),
        ("raise_throttled", 1, "hung"),
        ("settle_releases", 2, "hung"),
    ],
)
def test_each_rule_is_needed(rule: str, faults: int, wrong: str):
    found = search((ONE,), Rules()._replace(**{rule: False}), faults, 1, first=True)
    assert wrong in found.wrong
    assert found.wrong[wrong], "the way to it"


def test_the_handler_takes_the_steps_of_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STEPWEAVE_LOGS", "store")
    taken: list[str] = []

    def watch(module: Any, function: str, step: str) -> None:
        real: Callable[..., Any] = getattr(module, function)

        def watched(*args: Any, **kwargs: Any) -> Any:
            taken.append(step)
            return real(*args, **kwargs)

        monkeypatch.setattr(module, function, watched)

    watch(handler.execute, "_read_done", "read_done")
    for module in (handler.execute, handler.settle):
        watch(module, "write_done", "write_done")
        watch(module, "respond", "answer")
    for step in ("register", "list", "look", "send"):
        watch(handler.rendezvous, f"_{step}", step)

    def invoke(world: World, name: str) -> None:
        match name.split():
            case ["run", _]:
                world.run_task("a", waiters=True)
            case ["settle", _]:
                taken.append("read_done")
                world.settle("a", waiters=True)
            case [_, who]:
                world.wait(f"waiter {who}", f"token {who}", "a")
                taken.append("answer")

    for order in (("wait 0", "wait 1", "run 0", "settle 0", "run 0"), ("settle 0", "wait 0", "run 0", "wait 1")):
        world = World(MemoryStore(), tmp_path)
        for name, expected in zip(order, walk((ONE, ONE), order), strict=True):
            taken.clear()
            invoke(world, name)
            assert [step for step, _ in groupby(taken)] == [step for step, _ in groupby(expected)], name
