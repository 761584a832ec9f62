"""How a machine is to be structured, and for what: the options that all compile commands share."""

from __future__ import annotations

from pathlib import Path

import msgspec

from core_compiler.diagnostics import Sink
from core_compiler.ir import Workflow
from core_compiler.plan import OPTIMIZE, STRUCTURES, Durations
from transpilers.cli.output import fail
from transpilers.cli.usage import check_choice
from transpilers.durations import rules
from transpilers.durations.errors import DurationsError
from transpilers.durations.read import read_durations
from transpilers.durations.table import Table, durations_of


class Wishes(msgspec.Struct, frozen=True):
    """`structure` and `optimize` are keys of plan.STRUCTURES and plan.OPTIMIZE; `path` is where `known` was read."""

    structure: str = "auto"
    optimize: str = "balanced"
    known: Table | None = None
    path: str = ""

    def durations(self, workflow: Workflow, sink: Sink) -> Durations | None:
        """What is known of a workflow's tasks; None without a file."""
        return None if self.known is None else durations_of(workflow, self.known, self.path, sink)


def wishes(structure: str, durations: Path | None, optimize: str) -> Wishes:
    """The options, checked, and the file of durations read; exits with 2 where one is wrong."""
    check_choice("--structure", structure, STRUCTURES)
    check_choice("--optimize", optimize, OPTIMIZE)
    try:
        known = None if durations is None else read_durations(durations)
    except DurationsError as error:
        fail(rules.UNREADABLE, "--durations", path=durations, reason=error)
    return Wishes(structure, optimize, known, str(durations or ""))
