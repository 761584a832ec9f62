"""Durations from what a finished run left in its store: the done record of each task, or item of one, has its times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handler.items import item_id
from handler.keys import task_keys
from handler.records import Done, done_from_bytes
from handler.store import Store, open_store
from transpilers.durations.table import Sample

#: Records that are read at a time: each may hold values of up to 64 KiB.
_AT_ONCE = 200


def read_run(url: str, run: str, workflow: str, tasks: tuple[str, ...]) -> Iterator[Sample]:
    """The tasks of a run that succeeded; of a mapped task its items, since a plan takes it as long as one of them.

    Raises `handler.errors.InfrastructureError` where the store cannot be read.
    """
    store = open_store(url)
    for record in _records(store, run, tasks):
        if record.items is None:
            yield from _sample(workflow, record.task, record)
        else:
            names = [item_id(record.task, index) for index in range(sum(record.items.counts.values()))]
            for item in _records(store, run, names):
                yield from _sample(workflow, record.task, item)


def _records(store: Store, run: str, names: Sequence[str]) -> Iterator[Done]:
    for first in range(0, len(names), _AT_ONCE):
        keys = [task_keys(run, name).done for name in names[first : first + _AT_ONCE]]
        for key, data in zip(keys, store.get_many(keys), strict=True):
            if data is not None:
                yield done_from_bytes(key, data)


def _sample(workflow: str, task: str, record: Done) -> Iterator[Sample]:
    if record.status == "success" and record.started is not None:
        yield Sample(workflow, task, round(max(0.0, record.ended - record.started), 3))
