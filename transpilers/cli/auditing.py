"""From paths to a report on stdout, with a progress bar on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core_compiler.diagnostics import Sink
from transpilers.audit.files import Candidate, candidates
from transpilers.audit.report import FileReport, Verdict
from transpilers.audit.totals import Tally
from transpilers.audit.work import FEW, audit_files
from transpilers.cli.audit_formats import Format

DONE, FAILED = 0, 1


def audited(paths: Sequence[Path], form: Format, *, python: Path | None, cross: bool, fail_on: str | None) -> int:
    """Audit, print, and give the exit code: 1 where a verdict is one to fail on, or readings differ."""
    found = Sink()
    files = list(candidates(paths, found))
    tally = Tally()
    form.begin()
    with _progress(len(files)) as advance:
        for report in _reports(files, python, cross=cross):
            advance()
            tally.add(report)
            if report.dags or report.diagnostics:
                form.add(report)
    for one in found.diagnostics:
        unread = FileReport(one.path, diagnostics=(one,))
        tally.add(unread)
        form.add(unread)
    totals = tally.totals()
    form.end(totals)
    limit = Verdict(fail_on).rank if fail_on else len(Verdict)
    bad = any(count and verdict.rank >= limit for verdict, count in totals.dags.items())
    # Of a file that could not be read the worst must be feared.
    return FAILED if bad or totals.differences or (fail_on and totals.unreadable) else DONE


def _reports(files: Sequence[Candidate], python: Path | None, *, cross: bool) -> Iterator[FileReport]:
    if cross:
        from transpilers.audit.cross_check import cross_checked

        return cross_checked(files, python)
    return audit_files(files)


@contextmanager
def _progress(total: int) -> Generator[Callable[[], None]]:
    """A bar on a terminal, for more than a handful of files."""
    if total <= FEW or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("auditing"), BarColumn(), MofNCompleteColumn(), TextColumn("files"), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda: progress.advance(task)
