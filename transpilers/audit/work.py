"""Audits many files: over all cores, in bounded memory, each file by itself, in the order they were given."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from core_compiler.diagnostics import Sink, Span
from transpilers.audit import rules
from transpilers.audit.files import Candidate
from transpilers.audit.one import audit_one
from transpilers.audit.report import FileReport

#: Files that a worker is given at once, and such portions under way for each worker: what bounds memory.
PORTION, WAITING = 8, 3
#: Fewer files are done here: starting workers would take longer.
FEW = 6

Portion = list[Candidate]


def audit_files(files: Sequence[Candidate], workers: int | None = None) -> Iterator[FileReport]:
    """A report for each file, in order. A file whose worker dies is a report too."""
    count = workers or os.cpu_count() or 1
    if len(files) <= FEW or count == 1:
        yield from map(audit_one, files)
        return
    portions = [list(files[start : start + PORTION]) for start in range(0, len(files), PORTION)]
    while portions:
        done = 0
        with ProcessPoolExecutor(min(count, len(portions))) as pool:
            try:
                for reports in _answers(pool, portions, count * WAITING):
                    yield from reports
                    done += 1
            except BrokenProcessPool:
                # Whose fault it was cannot be told: each file of the oldest portion is tried by itself.
                for file in portions[done]:
                    yield _alone(file)
                done += 1
        portions = portions[done:]


def _answers(pool: ProcessPoolExecutor, portions: Sequence[Portion], most: int) -> Iterator[list[FileReport]]:
    waiting: deque[Future[list[FileReport]]] = deque()
    for portion in portions:
        if len(waiting) == most:
            yield waiting.popleft().result()
        waiting.append(pool.submit(_portion, portion))
    while waiting:
        yield waiting.popleft().result()


def _portion(files: Portion) -> list[FileReport]:
    return [audit_one(file) for file in files]


def _alone(file: Candidate) -> FileReport:
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(audit_one, file).result()
        except BrokenProcessPool:
            shown = str(file.path)
            reason = "the process that read it was killed"
            return FileReport(shown, diagnostics=(Sink().report(rules.NOT_AUDITED, Span(shown), reason=reason),))
