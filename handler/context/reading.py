"""What other tasks of the run left, read through their done records when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from handler.context.instance import Reader, Values
from handler.items import item_id
from handler.keys import task_keys
from handler.records import Done, done_from_bytes
from handler.store import Store
from handler.values import RETURN_VALUE, read_output


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
        if found is not None and found.items is not None:
            total = sum(found.items.counts.values())
            indices = found.items.indices if key == RETURN_VALUE else range(total)
            items = [(index, record(item_id(task, index))) for index in indices]
            return Values(
                items=[
                    (index, read_output(store, one, key))
                    for index, one in items
                    if one is not None and key in one.values
                ]
            )
        if found is None or key not in found.values:
            return Values()
        return Values([read_output(store, found, key)])

    return read
