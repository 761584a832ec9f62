"""A Redis server as a store, or anything with its protocol (Valkey)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeVar, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import uuid4

import redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from handler.errors import InfrastructureError

if TYPE_CHECKING:

    class _Client(Protocol):
        def get(self, name: str) -> bytes | None: ...
        def mget(self, keys: Sequence[str]) -> Sequence[bytes | None]: ...
        def set(self, name: str, value: bytes, *, nx: bool = ..., ex: int | None = ...) -> bool | None: ...
        def append(self, key: str, value: bytes) -> int: ...
        def getrange(self, key: str, start: int, end: int) -> bytes: ...
        def persist(self, name: str) -> bool: ...
        def expire(self, name: str, time: int) -> bool: ...
        def rename(self, src: str, dst: str) -> bool: ...
        def delete(self, *names: str) -> int: ...
        def exists(self, *names: str) -> int: ...
        def scan_iter(self, match: str, count: int) -> Iterable[bytes]: ...


Answer = TypeVar("Answer")
_LONGEST_VALUE = 512 * 1024 * 1024
_RETRIES = 3
_SCAN = 1000
_DRAFTS = ".drafts/"
_CHUNK = 4 * 1024 * 1024
#: Seconds after which half a value is gone, should its writer die.
_DRAFT_EXPIRES = 24 * 3600


class RedisStore:
    """Keys under `prefix` in one database; the first write wins by `SET NX`.

    The URL is redis-py's (`redis://`, `rediss://`), with two parameters of our own: `prefix`, and `expire`, the seconds
    after which a key is gone, counted from its last write. A server that evicts keys for lack of memory loses records:
    set `maxmemory-policy noeviction`.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        prefix, expire = options.pop("prefix", ""), options.pop("expire", "")
        if expire and not (expire.isascii() and expire.isdigit() and int(expire) > 0):
            raise InfrastructureError(f"the store's `expire` must be a number of seconds above 0, not {expire!r}")
        self._place = f"{parts.scheme}://{parts.hostname or 'localhost'}"
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._expire = int(expire) if expire else None
        try:
            self._client = _client(urlunsplit(parts._replace(query=urlencode(options))))
        except (RedisError, ValueError) as error:
            raise InfrastructureError(f"cannot open the store {self._place}: {error}") from error

    def get(self, key: str) -> bytes | None:
        """The value at `key`, None if there is none."""
        return self._asked("read", key, lambda: self._client.get(self._prefix + key))

    def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """The values at `keys`, in their order, by one request."""
        if not keys:
            return []
        names = [self._prefix + key for key in keys]
        return list(self._asked("read", keys[0], lambda: self._client.mget(names)))

    def has(self, key: str) -> bool:
        """Whether there is a value at `key`."""
        return bool(self._asked("look for", key, lambda: self._client.exists(self._prefix + key)))

    def delete(self, key: str) -> None:
        """Remove the value at `key`, if there is one."""
        self._asked("delete", key, lambda: self._client.delete(self._prefix + key))

    def put(self, key: str, value: bytes) -> None:
        """Write `value`, in place of what is there."""
        self._write(key, value, only_if_absent=False)

    def put_if_absent(self, key: str, value: bytes) -> bool:
        """Write `value` unless there is one."""
        return self._write(key, value, only_if_absent=True)

    def upload(self, key: str, source: BinaryIO) -> None:
        """Write all that `source` still gives, piece by piece, beside its place; a rename puts it there at once."""
        # No key begins with a dot (`handler.keys.segment`), so no key can be a draft.
        draft = f"{self._prefix}{_DRAFTS}{uuid4().hex}"
        self._asked("write", key, lambda: self._client.set(draft, b"", ex=_DRAFT_EXPIRES))
        try:
            size = 0
            while piece := source.read(_CHUNK):
                size += len(piece)
                self._check(key, size)
                self._append(key, draft, piece, size)
            self._asked("write", key, lambda: self._place_draft(draft, self._prefix + key))
        except BaseException:
            self._asked("write", key, lambda: self._client.delete(draft))
            raise

    def download(self, key: str, target: BinaryIO) -> bool:
        """Copy the value at `key` into `target`, piece by piece; False if there is none."""
        name = self._prefix + key
        if not self._asked("read", key, lambda: self._client.exists(name)):
            return False
        for start in range(0, _LONGEST_VALUE, _CHUNK):
            piece = self._asked("read", key, partial(self._client.getrange, name, start, start + _CHUNK - 1))
            target.write(piece)
            if len(piece) < _CHUNK:
                break
        return True

    def list(self, prefix: str) -> Iterator[str]:
        """The keys that begin with `prefix`, sorted."""
        pattern = _escaped(self._prefix + prefix) + "*"
        found = self._asked("list", prefix, lambda: set(self._client.scan_iter(match=pattern, count=_SCAN)))
        keys = (name.decode().removeprefix(self._prefix) for name in found)
        yield from sorted(key for key in keys if not key.startswith(_DRAFTS))

    def _write(self, key: str, value: bytes, *, only_if_absent: bool) -> bool:
        self._check(key, len(value))

        def write() -> bool | None:
            return self._client.set(self._prefix + key, value, nx=only_if_absent, ex=self._expire)

        return bool(self._asked("write", key, write))

    def _append(self, key: str, draft: str, piece: bytes, size: int) -> None:
        """Append a piece, after which the draft has `size` bytes.

        An answer lost on the way makes the client send a piece again, and appending is not idempotent: so a length
        that is not the one expected is a failure, which a new attempt repairs.
        """
        if self._asked("write", key, lambda: self._client.append(draft, piece)) != size:
            raise InfrastructureError(f"cannot write {key} in {self._place}: a piece of it was sent twice")

    def _place_draft(self, draft: str, name: str) -> None:
        if self._expire:
            self._client.expire(draft, self._expire)
        else:
            self._client.persist(draft)
        self._client.rename(draft, name)

    def _check(self, key: str, size: int) -> None:
        if size > _LONGEST_VALUE:
            reason = f"{size:,} bytes, and Redis keeps at most {_LONGEST_VALUE:,} under a key: use S3"
            raise InfrastructureError(f"cannot write {key} in {self._place}: it has {reason}")

    def _asked(self, verb: str, key: str, ask: Callable[[], Answer]) -> Answer:
        try:
            return ask()
        except (RedisError, OSError) as error:
            raise InfrastructureError(f"cannot {verb} {key} in {self._place}: {error}") from error


def _client(url: str) -> _Client:
    make = cast("Callable[..., _Client]", redis.Redis.from_url)  # pyright: ignore[reportUnknownMemberType] partly typed
    retry = Retry(ExponentialBackoff(cap=1.0, base=0.05), _RETRIES)
    return make(url, retry=retry, socket_connect_timeout=5.0, socket_timeout=60.0, health_check_interval=30)


def _escaped(text: str) -> str:
    """`text` as a glob that matches itself."""
    return "".join(f"\\{character}" if character in "*?[]\\^" else character for character in text)
