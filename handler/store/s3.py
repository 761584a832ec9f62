"""An S3 bucket as a store, or anything with its API and conditional writes (`AWS_ENDPOINT_URL` names it to boto3)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from handler.errors import InfrastructureError

if TYPE_CHECKING:

    class _Body(Protocol):
        def read(self) -> bytes: ...

    class _Paginator(Protocol):
        def paginate(self, *, Bucket: str, Prefix: str) -> Iterable[Mapping[str, Sequence[Mapping[str, str]]]]: ...  # noqa: N803

    class _Client(Protocol):
        def get_object(self, *, Bucket: str, Key: str) -> Mapping[str, _Body]: ...  # noqa: N803
        def head_object(self, *, Bucket: str, Key: str) -> object: ...  # noqa: N803
        def delete_object(self, *, Bucket: str, Key: str) -> object: ...  # noqa: N803
        def put_object(self, *, Bucket: str, Key: str, Body: bytes, IfNoneMatch: str = ...) -> object: ...  # noqa: N803
        def upload_fileobj(self, source: BinaryIO, bucket: str, key: str, *, Config: object) -> None: ...  # noqa: N803
        def download_fileobj(self, bucket: str, key: str, target: BinaryIO, *, Config: object) -> None: ...  # noqa: N803
        def get_paginator(self, name: str, /) -> _Paginator: ...


_CONFLICT_TRIES = 6
_READERS = 16
#: A value from here on goes up in parts of this size, several at a time: a part that fails is repeated alone.
_PART, _PARTS_AT_A_TIME = 8 * 1024 * 1024, 4


class S3Store:
    """Objects under `prefix` in `bucket`; the first write wins by `If-None-Match: *`."""

    def __init__(self, bucket: str, prefix: str) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        config = Config(retries={"mode": "standard", "max_attempts": 5}, max_pool_connections=_READERS)
        try:
            self._client = _client(config)
        except (BotoCoreError, ValueError) as error:
            raise InfrastructureError(f"cannot open the store s3://{bucket}: {error}") from error

    def get(self, key: str) -> bytes | None:
        """The value at `key`, None if there is none."""
        try:
            return self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)["Body"].read()
        except ClientError as error:
            if _code(error) == "NoSuchKey":
                return None
            raise self._failure("read", key, error) from error
        except BotoCoreError as error:
            raise self._failure("read", key, error) from error

    def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """The values at `keys`, in their order, several at a time."""
        if len(keys) < 2:
            return [self.get(key) for key in keys]
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(min(_READERS, len(keys))) as pool:
            return list(pool.map(self.get, keys))

    def has(self, key: str) -> bool:
        """Whether there is a value at `key`."""
        try:
            self._client.head_object(Bucket=self._bucket, Key=self._prefix + key)
        except ClientError as error:
            if _code(error) in {"NoSuchKey", "404"}:
                return False
            raise self._failure("look for", key, error) from error
        except BotoCoreError as error:
            raise self._failure("look for", key, error) from error
        return True

    def delete(self, key: str) -> None:
        """Remove the value at `key`, if there is one."""
        try:
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + key)
        except (ClientError, BotoCoreError) as error:
            raise self._failure("delete", key, error) from error

    def put(self, key: str, value: bytes) -> None:
        """Write `value`, in place of what is there."""
        if len(value) > _PART:
            self.upload(key, BytesIO(value))
            return
        try:
            self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=value)
        except (ClientError, BotoCoreError) as error:
            raise self._failure("write", key, error) from error

    def put_if_absent(self, key: str, value: bytes) -> bool:
        """Write `value` unless there is one. 412 means that there is; 409 that two writers met, so ask again."""
        for number in range(_CONFLICT_TRIES):
            try:
                self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=value, IfNoneMatch="*")
            except ClientError as error:
                match _code(error):
                    case "PreconditionFailed" | "412":
                        return False
                    case "ConditionalRequestConflict" | "409":
                        time.sleep(0.02 * 2**number)
                    case _:
                        raise self._failure("write", key, error) from error
            except BotoCoreError as error:
                raise self._failure("write", key, error) from error
            else:
                return True
        raise InfrastructureError(f"cannot write {key} in s3://{self._bucket}: other writers met it too often")

    def upload(self, key: str, source: BinaryIO) -> None:
        """Write all that `source` still gives, in parts; nothing is there until the last one is."""
        from boto3.exceptions import Boto3Error

        try:
            self._client.upload_fileobj(source, self._bucket, self._prefix + key, Config=_in_parts())
        except (ClientError, BotoCoreError, Boto3Error) as error:
            raise self._failure("write", key, error) from error

    def download(self, key: str, target: BinaryIO) -> bool:
        """Copy the value at `key` into `target`, in parts; False if there is none."""
        from boto3.exceptions import Boto3Error

        try:
            self._client.download_fileobj(self._bucket, self._prefix + key, target, Config=_in_parts())
        except ClientError as error:
            # The size is asked for by HEAD, whose answers have no body that could name the error.
            if _code(error) in {"NoSuchKey", "404"}:
                return False
            raise self._failure("read", key, error) from error
        except (BotoCoreError, Boto3Error) as error:
            raise self._failure("read", key, error) from error
        return True

    def list(self, prefix: str) -> Iterator[str]:
        """The keys that begin with `prefix`, sorted."""
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix + prefix
            )
            for page in pages:
                for found in page.get("Contents", ()):
                    yield found["Key"].removeprefix(self._prefix)
        except (ClientError, BotoCoreError) as error:
            raise self._failure("list", prefix, error) from error

    def _failure(self, verb: str, key: str, error: Exception) -> InfrastructureError:
        hint = ""
        if isinstance(error, ClientError) and _code(error) in {"AccessDenied", "403"}:
            # Without s3:ListBucket a missing object is answered with 403 instead of 404.
            hint = " (the role needs s3:GetObject, s3:PutObject and s3:ListBucket)"
        return InfrastructureError(f"cannot {verb} {key} in s3://{self._bucket}: {error}{hint}")


def _client(config: Config) -> _Client:
    make = cast("Callable[..., _Client]", boto3.client)  # pyright: ignore[reportUnknownMemberType] boto3 has no types
    return make("s3", config=config)


def _in_parts() -> object:
    from boto3.s3.transfer import TransferConfig

    return TransferConfig(multipart_threshold=_PART, multipart_chunksize=_PART, max_concurrency=_PARTS_AT_A_TIME)


def _code(error: ClientError) -> str:
    response = cast("Mapping[str, Mapping[str, str]]", error.response)
    return response.get("Error", {}).get("Code", "")
