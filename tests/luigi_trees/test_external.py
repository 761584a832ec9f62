"""External tasks: required, or waited for; and attempts that are killed."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from luigi_trees.trees import bundle, files, run, tree

SOURCE = """
class Given(luigi.ExternalTask):
    def output(self):
        return luigi.LocalTarget("given.txt")


class Uses(luigi.Task):
    def requires(self):
        return Given()

    def output(self):
        return luigi.LocalTarget("used.txt")

    def run(self):
        with self.input().open() as given, self.output().open("w") as out:
            out.write(given.read().upper())


def make():
    return Uses()
"""
KILLED = """
import os
import signal


class Killed(luigi.Task):
    def output(self):
        return luigi.LocalTarget("whole.txt")

    def run(self):
        assert not self.output().exists()
        with open(self.output().path, "w") as out:
            out.write("half")
            out.flush()
            if not os.path.exists({mark!r}):
                open({mark!r}, "w").close()
                os.kill(os.getpid(), signal.SIGKILL)
            out.write(" and half")


def make():
    return Killed()
"""


def by_family(statuses: dict[str, str | None]) -> dict[str, str | None]:
    return {task.split("_")[0]: status for task, status in statuses.items()}


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("waiting")
    return bundle(tree(folder, SOURCE, wait=10.0), folder / "bundle")


def test_what_is_missing_is_told(tmp_path: Path):
    made = bundle(tree(tmp_path, SOURCE), tmp_path / "bundle")
    result = run(made, tmp_path / "store")
    assert result.status == "FAILED"
    assert by_family(result.tasks) == {"schedule": "success", "Given": "upstream_failed", "Uses": "upstream_failed"}
    assert any("its data is not there" in found.message for found in result.diagnostics), result.diagnostics


def test_what_comes_late_is_waited_for(waiting: Path, tmp_path: Path):
    def bring() -> None:
        time.sleep(3)
        place = tmp_path / "store" / "durable" / "files" / "work" / "given.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.with_name("draft").write_text("late")
        place.with_name("draft").rename(place)

    threading.Thread(target=bring).start()
    result = run(waiting, tmp_path / "store")
    assert result.status == "SUCCEEDED", result.diagnostics
    assert files(tmp_path / "store")["used.txt"] == b"LATE"


def test_a_killed_attempt_leaves_nothing_and_is_taken_up_again(tmp_path: Path):
    made = bundle(tree(tmp_path, KILLED.format(mark=str(tmp_path / "mark"))), tmp_path / "bundle")
    result = run(made, tmp_path / "store")
    assert result.status == "SUCCEEDED", result.diagnostics
    assert (tmp_path / "mark").exists()
    assert files(tmp_path / "store") == {"whole.txt": b"half and half"}
