"""What Luigi keeps in one process or on one computer as long as a run lasts is kept in the run."""

from __future__ import annotations

import sys
from collections.abc import Iterator, MutableMapping
from typing import Any
from urllib.parse import unquote

from handler.keys import path, segment
from handler.store import Store


class StoredData(MutableMapping[str, bytes]):
    """A dict of bytes in the store."""

    def __init__(self, store: Store, run: str) -> None:
        self._store = store
        self._prefix = f"{path(run)}/mock/"

    def __getitem__(self, name: str) -> bytes:
        """The value; KeyError where there is none."""
        found = self._store.get(self._prefix + segment(name))
        if found is None:
            raise KeyError(name)
        return found

    def __setitem__(self, name: str, value: bytes) -> None:
        """Write the value."""
        self._store.put(self._prefix + segment(name), value)

    def __delitem__(self, name: str) -> None:
        """Remove the value; KeyError where there is none."""
        if name not in self:
            raise KeyError(name)
        self._store.delete(self._prefix + segment(name))

    def __contains__(self, name: object) -> bool:
        """Whether there is a value."""
        return self._store.has(self._prefix + segment(str(name)))

    def __iter__(self) -> Iterator[str]:
        """The names, sorted."""
        return (unquote(key[len(self._prefix) :]) for key in list(self._store.list(self._prefix)))

    def __len__(self) -> int:
        """How many values there are."""
        return sum(1 for _ in self)


def use_mock(store: Store, run: str) -> None:
    """Let mock targets live in the run, and the marks of `RunAnywayTarget`, if the user's code has imported that."""
    import luigi.mock

    luigi.mock.MockFileSystem._data = StoredData(store, run)  # pyright: ignore
    simulate: Any = sys.modules.get("luigi.contrib.simulate")
    if simulate is not None:
        # Luigi keeps them in a temporary folder, by the number of the one process that runs all.
        simulate.RunAnywayTarget.exists = lambda target: store.has(_mark(run, target))  # pyright: ignore
        simulate.RunAnywayTarget.done = lambda target: store.put(_mark(run, target), b"")  # pyright: ignore


def _mark(run: str, target: Any) -> str:
    return f"{path(run)}/simulate/{segment(target.task_id)}"
