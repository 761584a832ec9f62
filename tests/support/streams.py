"""Large streams that are made and checked piece by piece, and the memory that this process has held at most."""

from __future__ import annotations

import hashlib
import io
import resource

_BLOCK = hashlib.sha256(b"stepweave").digest() * 2048


class Pattern(io.RawIOBase):
    """`size` bytes of a pattern; a RuntimeError after `breaks_at` of them."""

    def __init__(self, size: int, breaks_at: int | None = None) -> None:
        self._left = size
        self._given = 0
        self._breaks_at = breaks_at

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, all that are left by default."""
        if self._breaks_at is not None and self._given >= self._breaks_at:
            raise RuntimeError("the disk is gone")
        count = self._left if size < 0 else min(size, self._left)
        start = self._given % len(_BLOCK)
        made = (_BLOCK * ((start + count) // len(_BLOCK) + 1))[start : start + count]
        self._left -= count
        self._given += count
        return made


class Digest(io.RawIOBase):
    """Takes bytes and keeps their digest alone."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # pyright: ignore[reportIncompatibleMethodOverride] bytes are all that come
        """Take some bytes."""
        self._hash.update(data)
        self.size += len(data)
        return len(data)

    @property
    def hexdigest(self) -> str:
        """The digest of all bytes so far."""
        return self._hash.hexdigest()


def pattern_digest(size: int) -> str:
    """The digest of a `Pattern` of `size` bytes."""
    digest, pattern = Digest(), Pattern(size)
    while piece := pattern.read(1024 * 1024):
        digest.write(piece)
    return digest.hexdigest


def peak_bytes() -> int:
    """The most resident memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
