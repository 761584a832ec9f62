"""External tasks: required, or waited for; and attempts that are killed."""

from __future__ import annotations

import gzip
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

import luigi.contrib.simulate
import luigi.mock


def die(mark):
    if not os.path.exists(mark):
        open(mark, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)


class Killed(luigi.Task):
    mark = luigi.Parameter()

    def run(self):
        assert not self.complete()
        self.write(lambda: die(self.mark + "-" + type(self).__name__))

    def halves(self, out, kill, first="half", second=" and half"):
        out.write(first)
        out.flush()
        kill()
        out.write(second)


class Text(Killed):
    def output(self):
        return luigi.LocalTarget("text.txt")

    def write(self, kill):
        with self.output().open("w") as out:
            self.halves(out, kill)


class Raw(Text):
    def output(self):
        return luigi.LocalTarget("/srv/raw.txt")

    def write(self, kill):
        with open(self.output().path, "w") as out:
            self.halves(out, kill)


class Zipped(Text):
    def output(self):
        return luigi.LocalTarget("zipped.gz", format=luigi.format.Gzip)

    def write(self, kill):
        with self.output().open("w") as out:
            self.halves(out, kill, b"half", b" and half")


class Temporary(Text):
    def output(self):
        return luigi.LocalTarget("deep/temporary.txt")

    def write(self, kill):
        with self.output().temporary_path() as path, open(path, "w") as out:
            self.halves(out, kill)


class Folder(Text):
    def output(self):
        return luigi.LocalTarget("folder")

    def write(self, kill):
        os.makedirs(self.output().path)
        for name in "ab":
            with open(os.path.join(self.output().path, name), "w") as out:
                self.halves(out, kill)


class Two(Text):
    def output(self):
        return [luigi.LocalTarget("first.txt"), luigi.LocalTarget("second.txt")]

    def write(self, kill):
        for target in self.output():
            with target.open("w") as out:
                out.write("half and half")
            kill()


class Mocked(Text):
    def output(self):
        return luigi.mock.MockTarget("mocked")


class Anyway(Killed):
    def output(self):
        return luigi.contrib.simulate.RunAnywayTarget(self)

    def write(self, kill):
        kill()
        self.output().done()


class Last(Text):
    def requires(self):
        return [kind(self.mark) for kind in (Text, Raw, Zipped, Temporary, Folder, Two, Mocked, Anyway)]

    def output(self):
        return luigi.LocalTarget("last.txt")


def make():
    return Last({mark!r})
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
    """Each kind of target is half written when its process is killed; `run` asserts that nothing of it is there."""
    made = bundle(tree(tmp_path, KILLED.format(mark=str(tmp_path / "mark"))), tmp_path / "bundle")
    result = run(made, tmp_path / "store")
    assert result.status == "SUCCEEDED", result.diagnostics
    kinds = ("Text", "Raw", "Zipped", "Temporary", "Folder", "Two", "Mocked", "Anyway", "Last")
    assert sorted(path.name for path in tmp_path.glob("mark-*")) == sorted(f"mark-{kind}" for kind in kinds)
    found = files(tmp_path / "store")
    assert gzip.decompress(found.pop("zipped.gz")) == b"half and half"
    whole = ("text.txt", "/srv/raw.txt", "deep/temporary.txt", "folder/a", "folder/b", "first.txt", "second.txt")
    marks = {"folder/%": b"whole"}
    assert found == dict.fromkeys((*whole, "last.txt"), b"half and half") | marks
