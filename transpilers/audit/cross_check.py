"""`--cross-check`: each file read twice, without running it and by Airflow, and every difference told."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from core_compiler.diagnostics import Diagnostic, Sink, Span
from transpilers.airflow.call import DagFile
from transpilers.airflow.differences import differences
from transpilers.airflow.live.loader import load as load_live
from transpilers.airflow.static.loader import load
from transpilers.audit import rules
from transpilers.audit.examine import examine
from transpilers.audit.files import Candidate, may_hold_dag, not_readable
from transpilers.audit.one import as_asked
from transpilers.audit.report import FileReport

#: Files that one Airflow reads, and the seconds it has for each, and for its start.
BATCH, EACH, START = 50, 10.0, 60.0


def cross_checked(files: Sequence[Candidate], python: Path | None) -> Iterator[FileReport]:
    """A report for each file; differences, and what could not be checked, are among its diagnostics.

    The files are run: in a sandbox, without a network, where what is not installed is fabricated.
    """
    for start in range(0, len(files), BATCH):
        yield from _batch(files[start : start + BATCH], python)


def differs(static: DagFile, live: DagFile) -> tuple[Diagnostic, ...]:
    """What a cross-check of one file finds."""
    sink = Sink()
    unsure = [fault for fault in live.faults if fault.sort not in ("fabricated", "no_dag")]
    if static.dags and unsure:
        first = unsure[0]
        reason = first.message or first.sort
        sink.report(rules.NOT_CHECKED, first.span or Span(static.path), subject=first.dag_id, reason=reason)
    if any(not fault.dag_id for fault in unsure):
        return sink.diagnostics
    for one in differences(static, live):
        sink.report(
            rules.DIFFERENCE,
            Span(static.path, one.line),
            subject=one.subject or one.dag,
            kind=one.kind,
            name=one.name,
            static=one.static or "nothing",
            live=one.live or "nothing",
        )
    return sink.diagnostics


def _batch(files: Sequence[Candidate], python: Path | None) -> Iterator[FileReport]:
    """Files of one folder asked for share its modules, so they are read together."""
    roots = dict.fromkeys(file.root for file in files)
    for root in roots:
        readable, found = _readable([file for file in files if file.root == root])
        paths = [file.path for file in readable]
        live = load_live(paths, python=python, time_limit=START + EACH * len(paths), stub=True, root=root)
        for file, theirs in zip(readable, live if paths else (), strict=True):
            [ours] = load([file.path], root=root)
            found[file.path] = examine(as_asked(ours, file), sys.executable, differs(ours, theirs))
        yield from (found[file.path] for file in files if file.root == root)


def _readable(files: Sequence[Candidate]) -> tuple[list[Candidate], dict[Path, FileReport]]:
    """Files to be read, and the reports on those that are not."""
    chosen: list[Candidate] = []
    found: dict[Path, FileReport] = {}
    for file in files:
        try:
            wanted = may_hold_dag(file.path.read_bytes()) or file.named
        except OSError as error:
            found[file.path] = FileReport(str(file.path), diagnostics=(not_readable(file.path, error),))
            continue
        if wanted:
            chosen.append(file)
        else:
            found[file.path] = FileReport(str(file.path))
    return chosen, found
