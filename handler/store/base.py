"""What the handler asks of a store of bytes by key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Protocol


class Store(Protocol):
    """Bytes by key. Keys are segments of `handler.keys.segment` joined by slashes.

    Every method raises `InfrastructureError` where the store itself fails. A reader sees a whole value or none.
    """

    def get(self, key: str) -> bytes | None:
        """The value at `key`, None if there is none."""
        ...

    def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """The values at `keys`, in their order, at once where the store can do so."""
        ...

    def has(self, key: str) -> bool:
        """Whether there is a value at `key`, without reading it."""
        ...

    def delete(self, key: str) -> None:
        """Remove the value at `key`, if there is one."""
        ...

    def put(self, key: str, value: bytes) -> None:
        """Write `value`, in place of what is there."""
        ...

    def put_if_absent(self, key: str, value: bytes) -> bool:
        """Write `value` unless there is one, and say whether this call wrote it: of many writers exactly one does.

        After an answer lost on the way a repeated request can say False to the writer that won, so who must know
        compares what is there with what it wrote.
        """
        ...

    def upload(self, key: str, source: BinaryIO) -> None:
        """Write all that `source` still gives, in place of what is there, without ever holding it whole."""
        ...

    def download(self, key: str, target: BinaryIO) -> bool:
        """Copy the value at `key` into `target` without ever holding it whole; False if there is none.

        Where the store fails half-way, `target` has a part of it.
        """
        ...

    def list(self, prefix: str) -> Iterator[str]:
        """The keys that begin with `prefix`, sorted."""
        ...
