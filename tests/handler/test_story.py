"""One story of a task, on every store: of several attempts one record wins, and all of them tell it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.handler_world import World

from handler.invocation import Invocation
from handler.keys import task_keys
from handler.records import Done, ErrorInfo, done_from_bytes, done_to_bytes
from handler.store import Store
from handler.store.file import FileStore
from handler.store.s3 import S3Store
from handler.story import write_done

RACES = 200
SMALL = """
def big():
    print('big')
    return 'x' * 9000
def length(text): return len(text)
"""


@pytest.fixture(params=["file", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "file":
        return FileStore(str(tmp_path / "store"))
    return S3Store(request.getfixturevalue("bucket"), "runs")


def record(name: str) -> Done:
    """Two different endings of the same task."""
    if name == "zombie":
        return Done("t", "success", name, 1, 5.0, {"return_value": {"inline": 1}}, None, 1.0)
    return Done("t", "failed", name, 2, 6.0, {}, ErrorInfo("States.Timeout", "late"), None)


def test_records_come_back_as_they_were(store: Store):
    for name in ("zombie", "settle"):
        assert done_from_bytes("k", done_to_bytes(record(name))) == record(name)


def test_a_settle_and_a_zombie_tell_the_same_story(store: Store):
    start = threading.Barrier(2)

    def end(name: str, number: int) -> Done:
        start.wait(timeout=30)
        return write_done(Invocation(store, name, lambda: 0.0, lambda: 1.0), task_keys("r", f"t{number}"), record(name))

    with ThreadPoolExecutor(2) as pool:
        for number in range(RACES):
            one, two = pool.map(end, ("zombie", "settle"), (number, number))
            kept = store.get(task_keys("r", f"t{number}").done) or b""
            assert one == two == done_from_bytes("k", kept)


def test_a_small_run(store: Store, user: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STEPWEAVE_LOGS", "store")
    world = World(store, user)
    world.module(
        "small", "def big():\n    print('big')\n    return 'x' * 9000\ndef length(text):\n    return len(text)\n"
    )
    assert world.run_task("a", "small:big") == "success"
    argument = {"output": {"task": "a"}}
    assert world.run_task("b", "small:length", upstream=["a"], args=[argument]) == "success"
    assert world.record("done/b")["values"] == {"return_value": {"inline": 9000}}
    assert world.text("log/a/") == "big\n"
    assert world.finish("b") == {"status": "success"}
    world.check_records()
