"""A Luigi pipeline on a real S3 API: the machine's store, S3 targets of Luigi's own, and a mapped local prefix."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest
from luigi_trees.trees import bundle, tree

from transpilers.local import run_bundle

SOURCE = """
import os
import signal

from luigi.contrib.s3 import S3Target


class First(luigi.Task):
    def output(self):
        return S3Target("s3://bucket/own/first.txt")

    def run(self):
        assert not self.output().exists()
        with self.output().open("w") as out:
            out.write("fi")
            out.flush()
            if not os.path.exists({mark!r}):
                open({mark!r}, "w").close()
                os.kill(os.getpid(), signal.SIGKILL)
            out.write("rst")


class Second(luigi.Task):
    def requires(self):
        return First()

    def output(self):
        return luigi.LocalTarget("/data/sets/second one.txt")

    def run(self):
        with self.input().open() as first, self.output().open("w") as out:
            out.write(first.read() + " second")


class Third(luigi.Task):
    def requires(self):
        return Second()

    def output(self):
        return luigi.LocalTarget("third.txt")

    def run(self):
        with self.input().open() as second, self.output().open("w") as out:
            out.write(second.read() + " third")


def make():
    return Third()
"""


@pytest.mark.slow
def test_targets_on_s3_and_mapped_prefixes(seaweed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings = {"AWS_ENDPOINT_URL": seaweed, "AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any"}
    for name, value in (settings | {"AWS_DEFAULT_REGION": "us-east-1"}).items():
        monkeypatch.setenv(name, value)
    mark = tmp_path / "mark"
    made = bundle(
        tree(tmp_path, SOURCE.format(mark=str(mark)), maps={"/data": "s3://bucket/data"}), tmp_path / "bundle"
    )
    for runs in (4, 1):
        result = run_bundle(made, store="s3://bucket/luigi", max_retry_wait=1)
        assert result.status == "SUCCEEDED", result.diagnostics
        assert sum(result.tries.values()) == runs
        assert mark.exists()
    client = boto3.client("s3")

    def content(key: str) -> bytes:
        return client.get_object(Bucket="bucket", Key=key)["Body"].read()

    assert content("own/first.txt") == b"first"
    assert content("data/sets/second one.txt") == b"first second"
    assert content("luigi/durable/files/work/third.txt") == b"first second third"
