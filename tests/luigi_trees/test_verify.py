"""`transpile verify luigi`: equal where it is, and different where a side is made to differ."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from luigi_trees.trees import FIXTURES

from transpilers.verify.luigi import Left
from transpilers.verify.verify_luigi import compare

ONE = """
import random

import luigi


class Given(luigi.ExternalTask):
    def output(self):
        return luigi.LocalTarget("given.txt")


class Draws(luigi.Task):
    # Luigi then stays to try again, which what fails without a limit of its own must not keep alive.
    retry_count = 2

    def requires(self):
        return Given()

    def output(self):
        return luigi.LocalTarget("drawn.txt")

    def run(self):
        with self.input().open() as given, self.output().open("w") as out:
            out.write(f"{given.read()} {random.random()}")


class Clock(luigi.Task):
    def output(self):
        return luigi.LocalTarget("clock.txt")

    def run(self):
        import time

        with self.output().open("w") as out:
            out.write(f"{time.time()}")


class Fails(luigi.Task):
    def run(self):
        raise ValueError("no")


class All(luigi.WrapperTask):
    def requires(self):
        return [Draws(), Clock(), Fails()]
"""


def verified(folder: Path, *arguments: str) -> dict[str, object]:
    command = [sys.executable, "-m", "transpilers.cli", "verify", "luigi", *arguments, "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=dict(os.environ))
    assert done.stdout, done.stderr
    return {**json.loads(done.stdout), "code": done.returncode}


@pytest.mark.slow
def test_external_files_are_staged_and_clocks_are_not_judged(tmp_path: Path):
    (tmp_path / "work.py").write_text(ONE)
    (tmp_path / "given.txt").write_text("given")
    report = verified(tmp_path, "work", "All")
    assert report["equal"], report
    assert report["tasks"] == 5
    assert report["values"] == 3
    assert [(one["task"], one["kind"]) for one in report["unstable"]] == [("clock.txt", "file")]  # pyright: ignore
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "__pycache__") == ["given.txt", "work.py"]


@pytest.mark.slow
def test_the_fixture_is_equal(tmp_path: Path):
    report = verified(FIXTURES / "sales", "sales", "Week", "--date", "2026-01-07")
    assert report["equal"], report
    assert (report["tasks"], report["values"]) == (16, 16)


def test_every_difference_is_told():
    source = Left("success", {"a": "success", "b": "failed"}, {"x": b"1", "y": b"2"}, {})
    machine = Left("failed", {"a": "failed", "b": "failed", "c": "skipped"}, {"x": b"1", "z": b"3"}, {"m": b""})
    found = [(one.task, one.kind, one.source, one.machine) for one in compare("t", source, machine)]
    assert found == [
        ("", "run", "success", "failed"),
        ("a", "state", "success", "failed"),
        ("y", "file", "1 bytes: 2", "(not there)"),
        ("z", "file", "(not there)", "1 bytes: 3"),
        ("m", "mock", "(not there)", "0 bytes: "),
    ]
