"""A task that another asked for is run by one of the two: whoever has claimed it, or its own state."""

from __future__ import annotations

import threading
import time

import pytest
from judge.memory import MemoryStore

from handler.dispatch import Call, Origin
from handler.invocation import Invocation
from handler.keys import task_keys
from handler.records import Done, Start, done_to_bytes, start_to_bytes

RUN = "machine/run/now"
CLAIM = f"{RUN}/luigi/claim/asked"
CONTENT = {"roots": [], "settings": {"dynamic": True}, "tasks": {"asked": {}, "owner": {}}}


def origin(store: MemoryStore, task: str) -> Origin:
    return Origin(RUN, task, Invocation(store, "attempt", time.time, lambda: 900.0), False)


def end(store: MemoryStore, task: str) -> None:
    record = Done(task=task, status="success", attempt="attempt", number=1, ended=1.0, values={})
    store.put(task_keys(RUN, task).done, done_to_bytes(record))


def begin(store: MemoryStore, task: str) -> None:
    store.put(task_keys(RUN, task).start(1), start_to_bytes(Start("attempt", 1.0, time.time() + 900)))


def claims(store: MemoryStore) -> bool:
    from stepweave_luigi.agenda import Agenda
    from stepweave_luigi.tree import Tree

    return Agenda(origin(store, "owner"), Tree(CONTENT))._claim("asked")  # pyright: ignore


def test_whoever_waits_for_another_leaves_the_process_to_it(monkeypatch: pytest.MonkeyPatch):
    """In one process tasks run one at a time: one that waited inside its turn kept the other from its own forever."""
    from stepweave_luigi import agenda, worker
    from stepweave_luigi.tree import Tree

    entered: list[object] = []
    monkeypatch.setattr(worker, "shipped", lambda: Tree(CONTENT))
    monkeypatch.setattr(worker, "opened", entered.append)
    monkeypatch.setattr(agenda, "_POLL_SECONDS", 0.01)
    store = MemoryStore()
    store.put(CLAIM, b"owner")
    call = Call({}, [], {}, None, None, origin(store, "asked"))  # pyright: ignore
    waiting = threading.Thread(target=worker.run, args=(call,), daemon=True)
    waiting.start()
    end(store, "asked")
    waiting.join(60)
    assert not waiting.is_alive()
    assert not entered


def test_one_that_has_begun_is_left_to_its_own_state():
    store = MemoryStore()
    begin(store, "asked")
    assert not claims(store)
    assert not store.has(CLAIM)


def test_a_claim_is_for_one_owner_until_that_has_ended():
    store = MemoryStore()
    assert claims(store)
    assert claims(store)
    store.put(CLAIM, b"another")
    assert not claims(store)
    end(store, "another")
    assert claims(store)
    assert store.get(CLAIM) == b"owner"


def test_what_waited_for_an_owner_that_has_ended_runs_itself():
    store = MemoryStore()
    store.put(CLAIM, b"another")
    end(store, "another")
    begin(store, "asked")
    assert not claims(store)
    assert store.get(CLAIM) == b"another"


def test_a_claim_in_the_moment_in_which_it_begins_is_taken_back():
    class Meanwhile(MemoryStore):
        def put_if_absent(self, key: str, value: bytes) -> bool:
            begin(self, "asked")
            return super().put_if_absent(key, value)

    store = Meanwhile()
    assert not claims(store)
    assert not store.has(CLAIM)


@pytest.mark.parametrize(("limit", "least"), [(None, 30), (3 * 86_400, 30), (60, 6), (5, 1)])
def test_however_long_data_is_waited_for_the_looks_at_it_fit_into_a_history(limit: float | None, least: int):
    """Found by this: looks came every half a minute, and a wait of a day filled its history."""
    from stepweave_luigi.waiting import pause

    passed, looks = 0, [0]
    while passed <= (limit or 365 * 86_400):
        passed += (found := pause(passed, limit, 30))
        assert found == int(found) >= 1
        looks.append(passed)
    assert looks[1] == least
    assert passed <= (limit or 366 * 86_400 * 1.05) + 1
    assert 9 * len(looks) < 25_000 / 10
