"""What a verification found: the shape of `verify --json`."""

from __future__ import annotations

import msgspec

from core_compiler.diagnostics import Diagnostic


class Difference(msgspec.Struct, frozen=True):
    """One thing that the machine did otherwise. `kind`: run, state, tries, skips or value; `task` is "" for the run."""

    dag: str
    task: str
    kind: str
    source: object
    machine: object


class Unstable(msgspec.Struct, frozen=True):
    """A thing that differs between two runs of the source engine itself; values are then compared by type."""

    dag: str
    task: str
    kind: str
    key: str = ""


class Report(msgspec.Struct, frozen=True):
    """The verdict over all DAGs asked for: how many tasks and values were compared, and where they differ."""

    equal: bool
    tasks: int
    values: int
    differences: tuple[Difference, ...]
    unstable: tuple[Unstable, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
