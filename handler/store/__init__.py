"""Stores of bytes by key, named by a URL."""

from __future__ import annotations

import os

from handler.errors import InfrastructureError
from handler.store.base import Store

__all__ = ["Store", "from_environment", "open_store"]

VARIABLE = "STEPWEAVE_STORE"
_FORMS = "use file:///folder, s3://bucket/prefix or redis://host:port/database"
_opened: dict[tuple[str, str], Store] = {}


def from_environment() -> Store:
    """The store that `STEPWEAVE_STORE` names; `InfrastructureError` where it names none."""
    url = os.environ.get(VARIABLE, "")
    if not url:
        raise InfrastructureError(f"{VARIABLE} is not set: {_FORMS}")
    # A warm sandbox serves many events, and an S3 client takes longer to make than most of them.
    name = (url, os.environ.get("AWS_ENDPOINT_URL", ""))
    if name not in _opened:
        _opened[name] = open_store(url)
    return _opened[name]


def open_store(url: str) -> Store:
    """The store at `url`; `InfrastructureError` for a URL of no known form."""
    scheme, separator, rest = url.partition("://")
    if separator and scheme == "file" and rest.startswith("/"):
        from handler.store.file import FileStore

        return FileStore(_unquote(rest))
    bucket, _, prefix = rest.partition("/")
    if separator and scheme == "s3" and bucket:
        from handler.store.s3 import S3Store

        return S3Store(bucket, prefix.strip("/"))
    if separator and scheme in ("redis", "rediss"):
        try:
            from handler.store.redis import RedisStore
        except ModuleNotFoundError:
            raise InfrastructureError("a Redis store needs the package redis: pip install 'stepweave[redis]'") from None
        return RedisStore(url)
    raise InfrastructureError(f"no store is known for {url!r}: {_FORMS}")


def _unquote(text: str) -> str:
    if "%" not in text:
        return text
    from urllib.parse import unquote

    return unquote(text)
