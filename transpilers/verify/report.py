"""What a verification found: the shape of `verify --json`."""

from __future__ import annotations

import msgspec

from core_compiler.diagnostics import Diagnostic


class Difference(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that the machine did otherwise.

    `kind`: run, state, tries, skips, value (what the task returned) or value:KEY; `task` is "" for the run. `place`:
    where in the value, such as `.rows[3].name`; then `source` and `machine` are that part.
    """

    dag: str
    task: str
    kind: str
    source: object
    machine: object
    place: str = ""


class Unstable(msgspec.Struct, frozen=True, omit_defaults=True):
    """A thing that differs between two runs of the source engine itself; such a part of a value is compared by type."""

    dag: str
    task: str
    kind: str
    key: str = ""
    place: str = ""


class Report(msgspec.Struct, frozen=True):
    """The verdict over all DAGs asked for: how many tasks and values were compared, and where they differ."""

    equal: bool
    tasks: int
    values: int
    differences: tuple[Difference, ...]
    unstable: tuple[Unstable, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
