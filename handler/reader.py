"""Reads what other tasks of the run have left, for components that know themselves what they need."""

from __future__ import annotations

from collections.abc import Iterable

from handler.errors import InfrastructureError
from handler.keys import task_keys
from handler.records import Done, done_from_bytes
from handler.store import Store
from handler.values import read_output


class Reader:
    """The values of one run; each done record is read once."""

    def __init__(self, store: Store, run: str) -> None:
        self.store = store
        self._run = run
        self._done: dict[str, Done] = {}

    def fetch(self, tasks: Iterable[str]) -> None:
        """Read the done records of several tasks at once."""
        missing = [task for task in dict.fromkeys(tasks) if task not in self._done]
        keys = [task_keys(self._run, task).done for task in missing]
        for task, key, data in zip(missing, keys, self.store.get_many(keys), strict=True):
            if data is None:
                raise InfrastructureError(f"{task} was to be read before it was done")
            self._done[task] = done_from_bytes(key, data)

    def read(self, task: str, key: str) -> object:
        """The value that a task left under `key`. InfrastructureError where it is not done, or left none."""
        self.fetch([task])
        record = self._done[task]
        if key not in record.values:
            raise InfrastructureError(f"{task} left no value under {key!r}")
        return read_output(self.store, record, key)
