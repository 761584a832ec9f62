"""What other tasks of the run left, read through their done records when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from handler.context.instance import Reader, Values
from handler.items import item_id
from handler.keys import task_keys
from handler.records import Done, done_from_bytes
from handler.store import Store
from handler.values import RETURN_VALUE, read_output


def reader(store: Store, run: str, done: Mapping[str, Done], item: int | None = None) -> Reader:
    """Reads a task's value under a key; `done` are records that are read already, `item` the index of who reads."""
    known = dict(done)

    def record(task: str) -> Done | None:
        if task not in known:
            key = task_keys(run, task).done
            found = store.get(key)
            if found is None:
                return None
            known[task] = done_from_bytes(key, found)
        return known[task]

    def left(task: str, key: str) -> Iterator[Any]:
        found = record(task)
        if found is not None and key in found.values:
            yield read_output(store, found, key)

    def read(task: str, key: str) -> Values:
        def fetch(index: int) -> Iterator[Any]:
            return left(item_id(task, index), key)

        found = record(task)
        if found is None and item is not None and record(item_id(task, item)) is not None:
            # A task of the same mapped group, whose items are under way.
            return Values((), None, fetch)
        if found is None or found.items is None:
            return Values(left(task, key))
        every = range(sum(found.items.counts.values()))
        return Values((), found.items.indices if key == RETURN_VALUE else every, fetch)

    return read
