"""A store in memory, and one that dies with the invocation that uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, TypeVar

Answer = TypeVar("Answer")


class MemoryStore:
    """Bytes by key in a dict."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self.kept.get(key)

    def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        return [self.kept.get(key) for key in keys]

    def has(self, key: str) -> bool:
        return key in self.kept

    def delete(self, key: str) -> None:
        self.kept.pop(key, None)

    def put(self, key: str, value: bytes) -> None:
        self.kept[key] = value

    def put_if_absent(self, key: str, value: bytes) -> bool:
        absent = key not in self.kept
        self.kept.setdefault(key, value)
        return absent

    def upload(self, key: str, source: BinaryIO) -> None:
        self.kept[key] = source.read()

    def download(self, key: str, target: BinaryIO) -> bool:
        found = self.kept.get(key)
        target.write(found or b"")
        return found is not None

    def list(self, prefix: str) -> Iterator[str]:
        return iter(sorted(key for key in self.kept if key.startswith(prefix)))


class Killed(BaseException):
    """The process is gone. No `Exception`, so that nothing that ends in the ordinary way takes part in it."""


class MortalStore:
    """A store as seen by a process that dies at its `last` operation (from 1), after its effect or before.

    A dead process does nothing more: whoever catches the first `Killed` meets the next.
    """

    def __init__(self, store: MemoryStore, last: int, *, effective: bool) -> None:
        self._store = store
        self._left = last
        self._effective = effective

    def get(self, key: str) -> bytes | None:
        return self._do(lambda: self._store.get(key))

    def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        return self._do(lambda: self._store.get_many(keys))

    def has(self, key: str) -> bool:
        return self._do(lambda: self._store.has(key))

    def delete(self, key: str) -> None:
        self._do(lambda: self._store.delete(key))

    def put(self, key: str, value: bytes) -> None:
        self._do(lambda: self._store.put(key, value))

    def put_if_absent(self, key: str, value: bytes) -> bool:
        return self._do(lambda: self._store.put_if_absent(key, value))

    def upload(self, key: str, source: BinaryIO) -> None:
        self._do(lambda: self._store.upload(key, source))

    def download(self, key: str, target: BinaryIO) -> bool:
        return self._do(lambda: self._store.download(key, target))

    def list(self, prefix: str) -> Iterator[str]:
        return self._do(lambda: self._store.list(prefix))

    def _do(self, operation: Callable[[], Answer]) -> Answer:
        self._left -= 1
        if self._left > 0:
            return operation()
        if self._left == 0 and self._effective:
            operation()
        raise Killed
