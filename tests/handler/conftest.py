"""The world that the handler's tests run in."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws
from moto.s3.responses import S3Response
from support.handler_world import World

from handler.store.file import FileStore


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the user's code, on the handler's search path for one test."""
    folder = tmp_path / "user"
    folder.mkdir()
    monkeypatch.setenv("STEPWEAVE_USER", str(folder))
    before = list(sys.path)
    yield folder
    sys.path[:] = before
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(str(folder)):
            del sys.modules[name]
    sys.path_importer_cache.clear()


@pytest.fixture
def world(tmp_path: Path, user: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A handler on a file store; every record it wrote is held to the schema at the end."""
    monkeypatch.setenv("STEPWEAVE_LOGS", "store")
    made = World(FileStore(str(tmp_path / "store")), user)
    yield made
    made.check_records()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of a mocked S3. The mock looks for a key and writes it in two steps, which S3 does at once."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    lock = threading.Lock()
    real = S3Response.key_response

    def key_response(self: S3Response, *args: object, **kwargs: object) -> object:
        with lock:
            return real(self, *args, **kwargs)

    monkeypatch.setattr(S3Response, "key_response", key_response)
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="bucket")
        yield "bucket"
