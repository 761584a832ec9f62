"""The contract of stores over real servers: Valkey by its protocol, SeaweedFS by its S3 API."""

from __future__ import annotations

import time
import uuid
from io import BytesIO
from pathlib import Path

import pytest
from support.store_contract import StoreContract

from core_compiler.bundle import write_bundle
from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink
from core_compiler.ir import Edge, Shell, Task, Workflow
from handler.errors import InfrastructureError
from handler.store import Store, open_store
from transpilers.local import run_bundle


class TestValkey(StoreContract):
    """A Redis URL with a prefix of its own for each test."""

    largest_mb = 512

    @pytest.fixture
    def store(self, valkey: str) -> Store:
        return open_store(f"{valkey}?prefix={uuid.uuid4().hex}")


class TestSeaweedFS(StoreContract):
    """A real S3 API, over boto3 as on Lambda."""

    @pytest.fixture
    def store(self, seaweed: str, monkeypatch: pytest.MonkeyPatch) -> Store:
        monkeypatch.setenv("AWS_ENDPOINT_URL", seaweed)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "any")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        return open_store(f"s3://bucket/{uuid.uuid4().hex}")


def test_keys_expire_when_asked_to(valkey: str):
    store = open_store(f"{valkey}?prefix={uuid.uuid4().hex}&expire=1")
    store.put("a", b"1")
    assert store.put_if_absent("b", b"1")
    assert store.get_many(["a", "b"]) == [b"1", b"1"]
    deadline = time.monotonic() + 30
    while store.get_many(["a", "b"]) != [None, None]:
        assert time.monotonic() < deadline, "the keys did not expire"
        time.sleep(0.1)
    assert store.put_if_absent("b", b"2")


def test_uploads_expire_and_half_ones_are_no_keys(valkey: str):
    store = open_store(f"{valkey}?prefix={uuid.uuid4().hex}&expire=1")
    store.upload("a", BytesIO(b"1"))
    store.upload("none", BytesIO())
    assert (store.get("a"), store.get("none")) == (b"1", b"")
    deadline = time.monotonic() + 30
    while store.get("a") is not None:
        assert time.monotonic() < deadline, "the key did not expire"
        time.sleep(0.1)


def test_what_redis_cannot_keep_is_refused_with_the_store_that_can(valkey: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("handler.store.redis._LONGEST_VALUE", 1000)
    store = open_store(f"{valkey}?prefix={uuid.uuid4().hex}")
    for act in (lambda: store.put("a", b"1" * 1001), lambda: store.upload("a", BytesIO(b"1" * 1001))):
        with pytest.raises(InfrastructureError, match="1,001 bytes, and Redis keeps at most 1,000 under a key: use S3"):
            act()
    assert list(store.list("")) == []


def test_prefixes_are_apart_and_no_patterns(valkey: str):
    name = uuid.uuid4().hex
    plain, odd = open_store(f"{valkey}?prefix={name}/a"), open_store(f"{valkey}?prefix={name}/%2A")
    plain.put("x", b"1")
    assert list(odd.list("")) == []
    odd.put("y", b"2")
    assert list(odd.list("")) == ["y"]
    assert list(plain.list("")) == ["x"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("redis://127.0.0.1:1/0", "cannot read k in redis://127.0.0.1"),
        ("redis://:secret@127.0.0.1:1/0", "cannot read k in redis://127.0.0.1"),
        ("redis://127.0.0.1:1/0?expire=soon", "`expire` must be a number of seconds above 0, not 'soon'"),
        ("redis://127.0.0.1:1/0?expire=0", "`expire` must be a number of seconds above 0, not '0'"),
        ("redis://127.0.0.1:nan/0", "cannot open the store redis://127.0.0.1"),
        ("memcached://x", "no store is known for 'memcached://x': use file:///folder, s3://bucket/prefix or redis://"),
    ],
)
def test_a_bad_place_is_one_line_without_its_password(url: str, said: str):
    with pytest.raises(InfrastructureError) as failed:
        open_store(url).get("k")
    assert said in str(failed.value)
    assert "secret" not in str(failed.value)
    assert "\n" not in str(failed.value)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle of two tasks."""
    one = Task(id="one", component=Shell("echo 1"))
    two = Task(id="two", component=Shell("echo 2"))
    workflow = Workflow(name="stored", tasks=(one, two), edges=(Edge("one", "two"),))
    compiled = compile_workflow(workflow, Sink())
    assert compiled is not None
    assert write_bundle(compiled, tmp_path / "bundle", Sink())
    return tmp_path / "bundle"


def test_a_machine_runs_on_redis(valkey: str, bundle: Path):
    result = run_bundle(bundle, store=f"{valkey}?prefix={uuid.uuid4().hex}")
    assert result.status == "SUCCEEDED", result.diagnostics
    assert result.results == {"one": "1", "two": "2"}


def test_a_store_that_is_not_there_is_said_before_anything_runs(bundle: Path):
    result = run_bundle(bundle, store="redis://:secret@127.0.0.1:1/0")
    assert (result.status, result.run) == ("FAILED", "")
    (found,) = result.diagnostics
    assert found.code == "SW604"
    assert "redis://127.0.0.1:1/0" in found.message
    assert "secret" not in found.message
