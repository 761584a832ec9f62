"""Luigi's MockTarget: its data, kept in one process's memory by Luigi, is kept in the run."""

from __future__ import annotations

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
    """Let mock targets live in the run, if the user's code uses them."""
    import sys

    module: Any = sys.modules.get("luigi.mock")
    if module is not None:
        module.MockFileSystem._data = StoredData(store, run)
