"""Two `expand` of one task, one of them unheard, and a failure elsewhere that skips the rest: there is one story."""

from __future__ import annotations

from itertools import product
from typing import Any

from chaos.stepped import Attempt
from judge.memory import MemoryStore
from judge.sandbox import in_process

from handler.items import item_id
from handler.keys import stopped_key, task_keys
from handler.records import Stopped, done_from_bytes, stopped_to_bytes

RUN = "m/e/t"
OVER = {"arguments": {"x": {"value": [1, 2]}}}
SHARED: dict[str, Any] = {"v": 1, "run": RUN, "task": "t", "skip_rest": True}
EXPAND = SHARED | {"op": "expand", "over": OVER, "tasks": [{"task": "t"}]}
ITEM = SHARED | {"op": "run", "component_name": "noop", "over": OVER}
#: The first step leads to before the first operation; an `expand` has five or six.
STEPS = range(1, 7)


def invoked(event: dict[str, Any], store: MemoryStore, name: str) -> Attempt:
    return Attempt(event, name, 1.0, store, lambda *_: None, lambda *_: None)


def to_the_end(event: dict[str, Any], store: MemoryStore) -> Any:
    attempt = invoked(event, store, "in one go")
    while not attempt.step():
        pass
    assert not attempt.error
    return attempt.answer


def test_a_late_expand_tells_no_second_story():
    """Found by reading: it saw the failure, and gave the task, whose items had begun, the done record of a skip."""
    told: set[tuple[int, bool]] = set()
    with in_process():
        for first, second, third, at in product(STEPS, STEPS, STEPS, range(4)):
            told.add(one_order((first, second, third), at))
    assert told == {(0, True), (2, False)}, "each way of the task is seen"


def one_order(counts: tuple[int, int, int], at: int) -> tuple[int, bool]:
    """The late one and the heard one go so many operations on in turn; the failure is there before turn `at`.

    How many items the machine was told of, and whether the task was decided without.
    """
    store = MemoryStore()
    late, heard = invoked(EXPAND, store, "late"), invoked(EXPAND, store, "heard")
    for turn, (attempt, steps) in enumerate(zip((late, heard, late), counts, strict=True)):
        if turn == at:
            store.put(stopped_key(RUN), stopped_to_bytes(Stopped("elsewhere", 1.0)))
        for _ in range(steps):
            attempt.step()
    if at == len(counts):
        store.put(stopped_key(RUN), stopped_to_bytes(Stopped("elsewhere", 1.0)))
    while not heard.step():
        pass
    count = heard.answer["count"]
    items = [to_the_end(ITEM | {"index": index}, store)["status"] for index in range(count)]
    while not late.step():
        pass
    to_the_end(SHARED | {"op": "record", "tasks": ["t"]}, store)
    key = task_keys(RUN, "t").done
    done = done_from_bytes(key, store.kept[key])
    ran = [index for index in range(2) if task_keys(RUN, item_id("t", index)).done in store.kept]
    assert done.is_whole == (not count) == (not ran), (counts, at, done, items)
    assert late.answer["count"] == count or done.is_whole
    return count, done.is_whole
