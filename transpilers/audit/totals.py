"""Adds up reports as they come; holds counts, never the reports."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from core_compiler.asl.limits import DOLLARS_PER_1000_TRANSITIONS
from transpilers.audit import rules
from transpilers.audit.report import Blocker, Cost, DagReport, FileReport, Totals, Verdict


@dataclass
class _Count:
    dags: int = 0
    alone: int = 0
    findings: int = 0
    example: str = ""


@dataclass
class Tally:
    """Counts over the files seen so far."""

    files: int = 0
    without_dags: int = 0
    unreadable: int = 0
    compiling: int = 0
    ignored: int = 0
    differences: int = 0
    transitions: int = 0
    dags: Counter[Verdict] = field(default_factory=Counter[Verdict])
    tasks: Counter[Verdict] = field(default_factory=Counter[Verdict])
    blockers: dict[tuple[str, str], _Count] = field(default_factory=dict[tuple[str, str], _Count])

    def add(self, file: FileReport) -> None:
        """Count one file."""
        self.files += 1
        self.unreadable += file.unreadable
        self.without_dags += not file.dags and not file.unreadable
        self.ignored += len(file.ignored)
        self.differences += sum(one.code == rules.DIFFERENCE.code for one in file.diagnostics)
        for dag in file.dags:
            self._add_dag(file.path, dag)

    def totals(self) -> Totals:
        """What was counted; blockers by how many DAGs each holds back, then by how many it alone does."""
        ranked = sorted(
            (
                Blocker(code, what, count.dags, count.alone, count.findings, count.example)
                for (code, what), count in self.blockers.items()
            ),
            key=lambda one: (-one.dags, -one.alone, -one.findings, one.code, one.what),
        )
        return Totals(
            files=self.files,
            without_dags=self.without_dags,
            unreadable=self.unreadable,
            dags={verdict: self.dags[verdict] for verdict in Verdict},
            tasks={verdict: self.tasks[verdict] for verdict in Verdict},
            blockers=tuple(ranked),
            compiling=self.compiling,
            ignored=self.ignored,
            differences=self.differences,
            cost=Cost(self.transitions, round(self.transitions * DOLLARS_PER_1000_TRANSITIONS, 6)),
        )

    def _add_dag(self, path: str, dag: DagReport) -> None:
        self.dags[dag.verdict] += 1
        self.tasks.update(task.verdict for task in dag.tasks)
        self.compiling += dag.cost is not None
        self.transitions += dag.cost.transitions if dag.cost else 0
        for held in dag.blockers:
            count = self.blockers.setdefault((held.code, held.what), _Count())
            count.dags += 1
            count.alone += len(dag.blockers) == 1
            count.findings += held.findings
            count.example = count.example or f"{path}:{held.line}"
