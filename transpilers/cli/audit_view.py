"""An audit's report for a person: what it amounts to, what holds DAGs back, the DAGs, and what else is to be known."""

from __future__ import annotations

import os
import sys

from msgspec.structs import replace
from rich.console import Console

from core_compiler.diagnostics import Diagnostic
from transpilers.airflow.rules import NO_DAG
from transpilers.audit import rules
from transpilers.audit.report import FileReport, Ignored, Totals
from transpilers.cli import audit_tables as tables
from transpilers.cli.audit_tables import Row, row

PLAIN_WIDTH = 110
#: DAGs whose tasks are listed without being asked for.
FEW = 3
_ASIDES = (NO_DAG, rules.BAD_IGNORE, rules.UNUSED_IGNORE, rules.DIFFERENCE, rules.NOT_CHECKED)
ASIDES = frozenset(rule.code for rule in _ASIDES)


class View:
    """Gathers what is to be shown; tasks are kept for a few DAGs, or where all are asked for."""

    def __init__(self, everything: bool) -> None:
        self._everything = everything
        self._folders: set[str] = set()
        self._dags: list[Row] = []
        self._unread: list[Diagnostic] = []
        self._asides: list[Diagnostic] = []
        self._ignored: list[Ignored] = []

    def add(self, report: FileReport) -> None:
        """One file."""
        self._folders.add(os.path.dirname(report.path))
        for dag in report.dags:
            keep = self._everything or len(self._dags) < FEW
            self._dags.append(row(report, dag, keep=keep))
        self._ignored += report.ignored
        self._asides += [one for one in report.diagnostics if one.code in ASIDES]
        if report.failure is not None:
            self._unread.append(report.failure)

    def show(self, totals: Totals) -> None:
        """Print all; paths are shown from the folder that holds all files."""
        console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False)
        below = _common(self._folders)
        self._shorten(below)
        most = None if self._everything else tables.ROWS
        tables.summary(console, totals, below)
        examples = [replace(one, example=_short(one.example, below)) for one in totals.blockers]
        tables.blockers(console, examples, most)
        tables.unreadable(console, self._unread, most)
        if self._everything or len(self._dags) <= FEW:
            tables.tasks(console, self._dags)
        else:
            tables.dags(console, self._dags, most)
        tables.ignored(console, self._ignored)
        tables.asides(console, self._asides, most)

    def _shorten(self, below: str) -> None:
        def of(found: Diagnostic) -> Diagnostic:
            return replace(found, path=_short(found.path, below))

        self._dags = [one._replace(path=_short(one.path, below)) for one in self._dags]
        self._unread, self._asides = [of(one) for one in self._unread], [of(one) for one in self._asides]
        self._ignored = [replace(one, finding=of(one.finding)) for one in self._ignored]


def _common(folders: set[str]) -> str:
    try:
        return os.path.commonpath(folders)
    except ValueError:
        # Relative and absolute paths, or none at all.
        return ""


def _short(path: str, below: str) -> str:
    return path.removeprefix(below + os.sep) if below else path
