"""What an audit says of each file, and of all. The structs are the JSON form."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from core_compiler.diagnostics import Diagnostic, Severity
from transpilers.airflow.rules import NO_DAG


class Verdict(StrEnum):
    """What a task or DAG would become, from the best to the worst.

    native: states of Step Functions and services that it calls; lambda: the generic Lambda; container: an image of its
    own; manual: somebody must change it first; impossible: what it does exists only inside the source engine.
    """

    NATIVE = "native"
    LAMBDA = "lambda"
    CONTAINER = "container"
    MANUAL = "manual"
    IMPOSSIBLE = "impossible"

    @property
    def rank(self) -> int:
        """0 for the best."""
        return list(Verdict).index(self)

    @property
    def compiles(self) -> bool:
        """Whether it becomes a part of a machine as it stands."""
        return self.rank < Verdict.MANUAL.rank


class TaskReport(msgspec.Struct, frozen=True):
    """One task. `reason`, `code` and `hint` are those of its first error, `reason` else what it becomes."""

    id: str
    operator: str
    verdict: Verdict
    reason: str = ""
    code: str = ""
    line: int = 0
    hint: str = ""


class Cost(msgspec.Struct, frozen=True):
    """Predicted for a run in which nothing fails: billed transitions, and their dollars for 1,000 runs."""

    transitions: int
    dollars: float


class Held(msgspec.Struct, frozen=True):
    """One thing that holds a DAG back, the line where it was first found, and how many times it was."""

    code: str
    what: str
    line: int
    findings: int


class DagReport(msgspec.Struct, frozen=True):
    """One DAG. Its verdict is the worst of its tasks' and of what is said about the DAG itself.

    `cost` is None where it does not compile. `tasks` is empty where the DAG could not be read.
    """

    id: str
    verdict: Verdict
    tasks: tuple[TaskReport, ...]
    cost: Cost | None = None
    blockers: tuple[Held, ...] = ()


class Ignored(msgspec.Struct, frozen=True):
    """A finding that a comment in the file puts aside, and the reason given there."""

    finding: Diagnostic
    reason: str


class FileReport(msgspec.Struct, frozen=True):
    """One file: its DAGs, all findings but the ignored ones, and those."""

    path: str
    dags: tuple[DagReport, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    ignored: tuple[Ignored, ...] = ()

    @property
    def unreadable(self) -> bool:
        """Whether there is no telling which DAGs it holds."""
        return self.failure is not None

    @property
    def failure(self) -> Diagnostic | None:
        """The first error, where that leaves no DAG; that a file holds none is no failure to read it."""
        errors = (one for one in self.diagnostics if one.severity is Severity.ERROR and one.code != NO_DAG.code)
        return None if self.dags else next(errors, None)


class Blocker(msgspec.Struct, frozen=True):
    """One thing that holds DAGs back: how many, for how many it is the only one, how often it was found, and where."""

    code: str
    what: str
    dags: int
    alone: int
    findings: int
    example: str


class Totals(msgspec.Struct, frozen=True):
    """Sums over all files. `dags` and `tasks` count verdicts; `cost` adds up the `compiling` DAGs.

    A DAG whose verdict rests on ignored findings is not among these: the compiler refuses it still.
    """

    files: int
    without_dags: int
    unreadable: int
    dags: dict[Verdict, int]
    tasks: dict[Verdict, int]
    blockers: tuple[Blocker, ...]
    compiling: int
    ignored: int
    differences: int
    cost: Cost


class Report(msgspec.Struct, frozen=True):
    """The whole: what `--format json` prints."""

    files: tuple[FileReport, ...]
    totals: Totals
