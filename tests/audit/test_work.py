"""Many files: in their order, over several processes, and whatever becomes of a process."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from core_compiler.diagnostics import Sink
from transpilers.audit import one, work
from transpilers.audit.files import Candidate, candidates
from transpilers.audit.report import FileReport, Verdict
from transpilers.audit.totals import Tally
from transpilers.audit.work import audit_files

FINE = (Path(__file__).parents[2] / "fixtures" / "audit" / "dags" / "fine.py").read_text()


def tree(folder: Path, count: int) -> list[Candidate]:
    for number in range(count):
        (folder / f"dag_{number:03}.py").write_text(FINE.replace("fine", f"fine_{number}"))
    return list(candidates([folder], Sink()))


def test_reports_come_in_the_order_of_the_files(tmp_path: Path):
    files = tree(tmp_path, 60)
    reports = list(audit_files(files, workers=2))
    assert [report.path for report in reports] == [str(file.path) for file in files]
    assert [report.dags[0].id for report in reports] == [f"fine_{number}" for number in range(60)]
    assert reports == list(audit_files(files, workers=1))


def test_a_file_that_kills_its_process_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    files = tree(tmp_path, 30)
    real = one.load

    def deadly(paths: list[Path], **more: object):
        if paths[0].name in ("dag_003.py", "dag_017.py"):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(paths, **more)

    monkeypatch.setattr(one, "load", deadly)
    reports = list(audit_files(files, workers=2))
    assert [report.path for report in reports] == [str(file.path) for file in files]
    dead = [Path(report.path).name for report in reports if not report.dags]
    assert dead == ["dag_003.py", "dag_017.py"]
    assert {found.code for report in reports if not report.dags for found in report.diagnostics} == {"SW671"}


def test_a_defect_and_a_file_without_end_are_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    files = tree(tmp_path, 3)
    monkeypatch.setattr(one, "TIME_LIMIT", 0.2)
    real = one.load

    def faulty(paths: list[Path], **more: object):
        if paths[0].name == "dag_000.py":
            raise RuntimeError("a defect")
        while paths[0].name == "dag_001.py":
            pass
        return real(paths, **more)

    monkeypatch.setattr(one, "load", faulty)
    defect, endless, _ = audit_files(files)
    assert [found.message for found in defect.diagnostics] == ["the file could not be audited: RuntimeError: a defect"]
    assert [found.message for found in endless.diagnostics] == [
        "the file could not be audited: it takes more than 0.2 s"
    ]


def test_a_file_named_twice_is_audited_once(tmp_path: Path):
    tree(tmp_path, 2)
    found = candidates([tmp_path / "dag_001.py", tmp_path], Sink())
    assert [one.path.name for one in found] == ["dag_001.py", "dag_000.py"]


def test_no_more_portions_are_under_way_than_allowed(tmp_path: Path):
    class Pool:
        under_way, most = 0, 0

        def submit(self, function: object, portion: list[Candidate]):
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            return self

        def result(self) -> list[FileReport]:
            self.under_way -= 1
            return []

    pool = Pool()
    list(work._answers(pool, [[]] * 100, 6))  # type: ignore[arg-type]
    assert (pool.most, pool.under_way) == (6, 0)


def test_totals_of_nothing():
    totals = Tally().totals()
    assert totals.files == 0
    assert totals.dags == dict.fromkeys(Verdict, 0)
    assert totals.blockers == ()
