"""Durations from what a finished run left in its store: each task's done record says when it started and ended."""

from __future__ import annotations

from collections.abc import Iterator

from handler.keys import task_keys
from handler.records import done_from_bytes
from handler.store import open_store
from transpilers.durations.table import Sample


def read_run(url: str, run: str, workflow: str, tasks: tuple[str, ...]) -> Iterator[Sample]:
    """The tasks of a run that succeeded. Raises `handler.errors.InfrastructureError` where the store cannot be read."""
    store = open_store(url)
    keys = [task_keys(run, task) for task in tasks]
    for task, place, data in zip(tasks, keys, store.get_many([key.done for key in keys]), strict=True):
        record = None if data is None else done_from_bytes(place.done, data)
        if record is not None and record.status == "success" and record.started is not None:
            yield Sample(workflow, task, round(max(0.0, record.ended - record.started), 3))
