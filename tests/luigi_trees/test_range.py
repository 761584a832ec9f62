"""A Range task: its class is Luigi's own, so that only the module that Luigi begins with knows the user's."""

from __future__ import annotations

import sys
from pathlib import Path

from luigi_trees.trees import tree

from transpilers.verify.verify_luigi import LuigiSettings, verify_luigi

DAYS = """
import luigi


class Day(luigi.Task):
    date = luigi.DateParameter()

    def output(self):
        return luigi.LocalTarget(f"days/{self.date}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(str(self.date))
"""
MAIN = """
from days import Day


@luigi.Task.event_handler(luigi.Event.SUCCESS)
def seen(task):
    with open(f"seen-{task.task_id}", "w") as out:
        out.write(task.task_family)
"""


def test_a_range_is_frozen_and_runs_with_what_the_first_module_has_set_up(tmp_path: Path):
    (tmp_path / "days.py").write_text(DAYS)
    dates = ("--start", "2026-01-01", "--stop", "2026-01-03", "--days-back", "100000", "--now", "1780000000")
    asked = ("RangeDaily", "--of", "Day", *dates)
    imported = tree(tmp_path, MAIN, *asked)
    assert {found.code for found in imported.diagnostics} == {"SW812", "SW813"}
    report = verify_luigi(["work", *asked], imported, LuigiSettings(python=sys.executable, source=tmp_path))
    assert report.equal, report.differences
    # Two days and what is written as each of the three tasks ends.
    assert (report.tasks, report.values) == (3, 5)
