"""The stores against their contract, and what each does with its own errors."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from support.handler_world import ROOT
from support.store_contract import StoreContract

from handler.errors import InfrastructureError
from handler.store import from_environment, open_store
from handler.store.file import FileStore
from handler.store.s3 import S3Store


class TestFileStore(StoreContract):
    """A folder."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> FileStore:
        return FileStore(str(tmp_path / "store"))

    def test_nothing_is_left_beside_the_values(self, store: FileStore, tmp_path: Path):
        store.put("a", b"1")
        store.put_if_absent("a", b"2")
        store.put_if_absent("b", b"3")
        found = sorted(path.name for path in (tmp_path / "store").rglob("*") if path.is_file())
        assert found == ["a", "b"]

    def test_processes_race_as_threads_do(self, tmp_path: Path):
        code = (
            "import sys; sys.path.insert(0, sys.argv[1])\n"
            "from handler.store.file import FileStore\n"
            "store = FileStore(sys.argv[2])\n"
            "print(sum(store.put_if_absent(f'k/{n}', sys.argv[3].encode()) for n in range(300)))\n"
        )
        command = [sys.executable, "-I", "-c", code, str(ROOT), str(tmp_path)]
        racers = [subprocess.Popen([*command, name], stdout=subprocess.PIPE) for name in ("one", "two", "three")]
        won = [int(racer.communicate(timeout=60)[0]) for racer in racers]
        assert sum(won) == 300

    def test_a_key_that_is_a_folder_of_others_is_an_error_and_not_a_lost_race(self, store: FileStore):
        store.put("a/b", b"1")
        with pytest.raises(InfrastructureError, match="cannot write a in the file store"):
            store.put_if_absent("a", b"2")
        with pytest.raises(InfrastructureError, match="cannot write a in the file store"):
            store.put("a", b"2")
        assert store.get("a") is None

    def test_a_folder_that_cannot_be_written_is_named(self, tmp_path: Path):
        (tmp_path / "file").write_text("")
        store = FileStore(str(tmp_path / "file"))
        assert store.get("a") is None
        with pytest.raises(InfrastructureError, match="cannot write a in the file store"):
            store.put("a", b"")
        with pytest.raises(InfrastructureError, match="cannot write a in the file store"):
            store.put_if_absent("a", b"")


class TestS3Store(StoreContract):
    """A bucket of the mocked S3, by way of real boto3."""

    in_this_process = True
    largest_mb = 24

    @pytest.fixture
    def store(self, bucket: str) -> S3Store:
        return S3Store(bucket, "some/prefix")

    def test_the_prefix_is_part_of_every_object(self, store: S3Store, bucket: str):
        store.put("a/b", b"1")
        objects = boto3.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
        assert [found["Key"] for found in objects] == ["some/prefix/a/b"]

    def test_a_missing_bucket_is_an_infrastructure_error(self, bucket: str):
        store = S3Store("other", "")
        for act in (
            lambda: store.get("a"),
            lambda: store.put("a", b""),
            lambda: store.put_if_absent("a", b""),
            lambda: list(store.list("a")),
        ):
            with pytest.raises(InfrastructureError, match=r"s3://other: .*NoSuchBucket"):
                act()

    @pytest.mark.parametrize(("conflicts", "won"), [(2, True), (99, None)])
    def test_a_conflict_is_asked_again_and_not_for_ever(self, store: S3Store, monkeypatch, conflicts: int, won):
        calls: list[str] = []
        real = store._client.put_object

        def put_object(**arguments: object) -> object:
            calls.append(str(arguments["Key"]))
            if len(calls) <= conflicts:
                raise ClientError({"Error": {"Code": "ConditionalRequestConflict"}}, "PutObject")
            return real(**arguments)

        monkeypatch.setattr(store._client, "put_object", put_object)
        if won is None:
            with pytest.raises(InfrastructureError, match="too often"):
                store.put_if_absent("a", b"1")
        else:
            assert store.put_if_absent("a", b"1") is won
            assert store.get("a") == b"1"

    def test_a_denied_read_says_what_the_role_needs(self, store: S3Store, monkeypatch):
        def get_object(**arguments: object) -> object:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")

        monkeypatch.setattr(store._client, "get_object", get_object)
        with pytest.raises(InfrastructureError, match="s3:ListBucket"):
            store.get("a")


def test_urls(bucket: str, tmp_path: Path):
    assert isinstance(open_store(f"s3://{bucket}/prefix/"), S3Store)
    store = open_store(tmp_path.as_uri() + "/with%20space")
    store.put("a", b"1")
    assert (tmp_path / "with space" / "a").read_bytes() == b"1"


@pytest.mark.parametrize("url", ["file://relative", "file:", "s3://", "s3:///x", "memcached://x", "folder", ""])
def test_other_urls_are_refused_with_the_forms_there_are(url: str, monkeypatch):
    monkeypatch.setenv("STEPWEAVE_STORE", url)
    with pytest.raises(InfrastructureError, match="use file:///folder, s3://bucket/prefix or redis:"):
        from_environment()


def test_the_store_of_the_environment_is_kept_for_the_next_event(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("STEPWEAVE_STORE", (tmp_path / "one").as_uri())
    one = from_environment()
    assert from_environment() is one
    monkeypatch.setenv("STEPWEAVE_STORE", (tmp_path / "two").as_uri())
    assert from_environment() is not one


def test_the_file_store_needs_nothing_installed(tmp_path: Path):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from handler.app import lambda_handler\n"
        "event = {'v': 1, 'op': 'run', 'run': 'r', 'task': 't', 'component_name': 'noop'}\n"
        "print(lambda_handler(event, None)['status'], 'boto3' in sys.modules)\n"
    )
    environment = {**os.environ, "STEPWEAVE_STORE": tmp_path.as_uri()}
    command = [sys.executable, "-I", "-S", "-c", code, str(ROOT)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "success False\n"
