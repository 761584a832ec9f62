"""What other tasks of the run left, read through their done records when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from handler.context.instance import Reader, Values
from handler.keys import task_keys
from handler.records import Done, done_from_bytes
from handler.store import Store
from handler.values import read_output


def reader(store: Store, run: str, done: Mapping[str, Done]) -> Reader:
    """Reads a task's value under a key; `done` are records that are read already."""
    known = dict(done)

    def record(task: str) -> Done | None:
        if task not in known:
            key = task_keys(run, task).done
            found = store.get(key)
            if found is None:
                return None
            known[task] = done_from_bytes(key, found)
        return known[task]

    def read(task: str, key: str) -> Values:
        found = record(task)
        if found is None or key not in found.values:
            return Values()
        return Values([read_output(store, found, key)])

    return read
