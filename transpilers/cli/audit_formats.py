"""The forms of an audit's report. JSON is written while the audit goes on; the others when it is over."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import PurePath
from typing import Protocol

import msgspec

from core_compiler.diagnostics import Diagnostic
from transpilers.audit.report import FileReport, Totals


class Format(Protocol):
    """Takes a report file by file."""

    def begin(self) -> None:
        """Before the first file."""

    def add(self, report: FileReport) -> None:
        """One file."""

    def end(self, totals: Totals) -> None:
        """After the last."""


class Text:
    """For people: totals and blockers first, so all waits for the end; of the files only what is shown is kept."""

    def __init__(self, everything: bool) -> None:
        from transpilers.cli.audit_view import View

        self._view = View(everything)

    def begin(self) -> None:
        """Nothing yet."""

    def add(self, report: FileReport) -> None:
        """Keep what will be shown of it."""
        self._view.add(report)

    def end(self, totals: Totals) -> None:
        """Show all."""
        self._view.show(totals)


class Json:
    """`{"files": [...], "totals": {...}}`, a line a file."""

    def __init__(self, _everything: bool) -> None:
        self._separator = ""

    def begin(self) -> None:
        """Open the object."""
        sys.stdout.write('{"files": [')

    def add(self, report: FileReport) -> None:
        """One more."""
        sys.stdout.write(f"{self._separator}\n{msgspec.json.encode(report).decode()}")
        self._separator = ","

    def end(self, totals: Totals) -> None:
        """Close it."""
        sys.stdout.write(f'\n],\n"totals": {msgspec.json.encode(totals).decode()}}}\n')


class Sarif:
    """For code hosts and editors; ignored findings are there, as suppressed."""

    def __init__(self, _everything: bool) -> None:
        self._found: list[Diagnostic] = []
        self._suppressed: dict[Diagnostic, str] = {}

    def begin(self) -> None:
        """Nothing yet."""

    def add(self, report: FileReport) -> None:
        """Keep its findings."""
        self._found += report.diagnostics
        for one in report.ignored:
            self._found.append(one.finding)
            self._suppressed[one.finding] = one.reason

    def end(self, totals: Totals) -> None:
        """Write the log."""
        from importlib.metadata import version

        from core_compiler.diagnostics import to_sarif
        from transpilers.cli.output import print_json
        from transpilers.cli.registry import all_rules

        root = PurePath(os.getcwd())
        made = to_sarif(self._found, all_rules(), version("stepweave"), root=root, suppressed=self._suppressed)
        print_json(made)


FORMATS: dict[str, Callable[[bool], Format]] = {"text": Text, "json": Json, "sarif": Sarif}
