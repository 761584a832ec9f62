"""The slow arm: the same descriptions as DAG files, run by `dag.test()`, held to what the machine did.

Airflow's own word, so no model is between: statuses, tries, skips, values and the run's end are compared as `verify`
compares them. Only DAGs whose ends no order of events can change are generated for it (`timing`); `ticks` shows for the
others what Airflow makes of them.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from judge.compare import Ran
from judge.fast import compiled_from, interpret
from judge.render import render
from judge.spec import Kind, Spec
from judge.wire import WORK, wire

from core_compiler.ir import Workflow
from transpilers.verify.airflow import Judged, OracleFailed, run_airflow
from transpilers.verify.compare import Comparison, compare
from transpilers.verify.outcome import Outcome, TaskOutcome
from transpilers.verify.skips import with_skips

#: A process of Airflow grows with each DAG that it runs.
BATCH = 60
SECONDS_EACH = 20.0


class Compared(NamedTuple):
    """A description, and how Airflow and the machine compare on it; `comparison` is None where Airflow failed."""

    spec: Spec
    comparison: Comparison | None
    error: str = ""

    @property
    def differs(self) -> bool:
        """Whether they are not known to be equal."""
        return self.comparison is None or bool(self.comparison.differences)


def judge_airflow(specs: Sequence[Spec], seed: int = 0, python: Path | None = None) -> list[Compared]:
    """Run each description by both sides and compare."""
    found: list[Compared] = []
    for start in range(0, len(specs), BATCH):
        batch = specs[start : start + BATCH]
        found += [_compared(spec, answer, seed) for spec, answer in zip(batch, _asked(batch, python), strict=True)]
    return found


def _asked(specs: Sequence[Spec], python: Path | None) -> list[dict[str, Outcome] | OracleFailed]:
    with tempfile.TemporaryDirectory(prefix="judge-") as scratch:
        folder = Path(scratch)
        source = folder / "source"
        source.mkdir()
        shutil.copy(WORK, source / WORK.name)
        files: list[Judged] = []
        for spec in specs:
            path = source / f"{spec.name}.py"
            path.write_text(render([spec]))
            files.append(Judged(path, (spec.name,)))
        return run_airflow(files, folder / "airflow", python=python, time_limit=60 + SECONDS_EACH * len(files))


def _compared(spec: Spec, answer: Mapping[str, Outcome] | OracleFailed, seed: int) -> Compared:
    if isinstance(answer, OracleFailed):
        return Compared(spec, None, str(answer))
    machine = compiled_from(wire(spec))
    workflow = machine.compiled.workflow
    source = with_skips(answer[spec.name], workflow)
    joins = frozenset(task.id for task in spec.tasks if task.kind is Kind.EMPTY)
    found = outcome_of(interpret(machine, seed), workflow)
    return Compared(spec, compare(spec.name, source, source, found, joins))


def outcome_of(ran: Ran, workflow: Workflow) -> Outcome:
    """What a machine did, in the words of `verify`. Values here are small, so each is in its record."""
    values = {
        task: {key: stored["inline"] for key, stored in record.values.items() if isinstance(stored, dict)}
        for task, record in ran.records.items()
        if record.values
    }
    return Outcome(
        ran.state,
        {
            task.id: TaskOutcome(end.status, end.tries) if (end := ran.tasks[task.id]) else TaskOutcome(None, 0)
            for task in workflow.tasks
        },
        values,
        {task: tuple(sorted(record.skips)) for task, record in ran.records.items() if record.skips},
    )
