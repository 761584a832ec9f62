"""A verification's report for a person."""

from __future__ import annotations

import json
from pathlib import Path

from transpilers.cli.output import print_diagnostics, print_line
from transpilers.verify.report import Report

WIDTH = 100


def print_report(report: Report, file: Path) -> None:
    """The verdict first, then every difference, then what could not be judged."""
    print_diagnostics(report.diagnostics)
    verdict = "equal" if report.equal else "NOT equal" if report.differences else "not verified"
    print_line(f"{file}: {verdict}; compared {report.tasks} tasks and {report.values} values")
    for found in report.differences:
        what = f"{found.dag}.{found.task}" if found.task else f"{found.dag} (the run)"
        print_line(
            f"    {what}: {found.kind}{found.place and f' at {found.place}'} is {_short(found.machine)}, "
            f"the source engine says {_short(found.source)}"
        )
    for one in report.unstable:
        what = f"{one.dag}.{one.task}: its {one.key or one.kind}" if one.task else f"{one.dag}: the run"
        how = "; only its type was compared" if one.kind == "value" else "; it was not compared"
        place = one.place and f" at {one.place}"
        print_line(f"    unstable: {what}{place} differs between two runs of the source engine{how}")


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 3]}..."
