"""Verification of Airflow files: compile each DAG, run both sides, compare."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from core_compiler.bundle import write_bundle
from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink
from core_compiler.ir import NoOp, Workflow
from transpilers.importer import Imported
from transpilers.verify import rules
from transpilers.verify.airflow import Judged, OracleFailed, run_airflow
from transpilers.verify.compare import Comparison, compare
from transpilers.verify.machine import MachineFailed, run_machine
from transpilers.verify.outcome import Outcome
from transpilers.verify.report import Report
from transpilers.verify.sandbox import NoIsolation
from transpilers.verify.skips import with_skips


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How to verify. `time_limit`: seconds for the oracle, and for each machine. `conf`: what the runs are started
    with; `plugins`: a folder of Airflow plugins that the source engine loads."""

    python: Path | None = None
    structure: str = "auto"
    allow_network: bool = False
    time_limit: float = 600.0
    conf: Mapping[str, object] | None = None
    plugins: Path | None = None


class _Ready(msgspec.Struct, frozen=True):
    """A DAG that compiled, and its bundle."""

    name: str
    workflow: Workflow
    bundle: Path


class _File:
    """A DAG file under verification: its DAGs that compiled, and what was found on the way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.dags: list[_Ready] = []
        self.sink = Sink()


#: What became of each DAG, by its bundle.
Outcomes = Mapping[Path, Outcome]


def verify_airflow(imported: Sequence[tuple[Path, Imported]], settings: Settings) -> list[Report]:
    """Verify every DAG that was read, a report for each file; one oracle process serves them all.

    A file is equal only when none of its DAGs was refused, both sides ended, and nothing differs. Where something
    does, the oracle runs that file again: what differs from itself is unstable.
    """
    with tempfile.TemporaryDirectory(prefix="stepweave-verify-") as scratch:
        folder = Path(scratch)
        files = [_compiled(path, one, folder / str(number), settings) for number, (path, one) in enumerate(imported)]
        first = _judge(files, folder / "source", settings)
        machines = _run_machines(files, first, settings)
        odd = [file for file in files if any(_differ(dag, first, first, machines) for dag in file.dags)]
        second = {**first, **_judge(odd, folder / "again", settings)}
        return [_report(file, first, second, machines) for file in files]


def _differ(dag: _Ready, first: Outcomes, second: Outcomes, machines: Outcomes) -> bool:
    found = _compare(dag, first, second, machines)
    return found is not None and bool(found.differences)


def _compare(dag: _Ready, first: Outcomes, second: Outcomes, machines: Outcomes) -> Comparison | None:
    """None where a side did not come to an end."""
    if dag.bundle not in first or dag.bundle not in second or dag.bundle not in machines:
        return None
    joins = frozenset(task.id for task in dag.workflow.tasks if isinstance(task.component, NoOp))
    return compare(dag.name, first[dag.bundle], second[dag.bundle], machines[dag.bundle], joins)


def _report(file: _File, first: Outcomes, second: Outcomes, machines: Outcomes) -> Report:
    compared = [found for dag in file.dags if (found := _compare(dag, first, second, machines)) is not None]
    differences = tuple(one for found in compared for one in found.differences)
    return Report(
        equal=bool(compared) and not differences and not file.sink.failed,
        tasks=sum(found.tasks for found in compared),
        values=sum(found.values for found in compared),
        differences=differences,
        unstable=tuple(one for found in compared for one in found.unstable),
        diagnostics=file.sink.diagnostics,
    )


def _compiled(path: Path, imported: Imported, folder: Path, settings: Settings) -> _File:
    file = _File(path)
    file.sink.extend(imported.diagnostics)
    for number, entry in enumerate(imported.workflows):
        own = Sink()
        compiled = entry.workflow and compile_workflow(entry.workflow, own, structure_name=settings.structure)
        bundle = folder / str(number)
        if compiled is not None and write_bundle(compiled, bundle, own):
            file.dags.append(_Ready(entry.id, compiled.workflow, bundle))
        file.sink.extend(own.diagnostics)
    return file


def _judge(files: Sequence[_File], folder: Path, settings: Settings) -> dict[Path, Outcome]:
    """The oracle's word on every DAG that compiled; what it could not run is reported to its file's sink."""
    asked = [file for file in files if file.dags]
    if not asked:
        return {}
    try:
        answers = run_airflow(
            [Judged(file.path, tuple(dag.name for dag in file.dags)) for file in asked],
            folder,
            python=settings.python,
            allow_network=settings.allow_network,
            time_limit=settings.time_limit,
            conf=settings.conf,
            plugins=settings.plugins,
        )
    except OracleFailed as failed:
        answers = [failed] * len(asked)
    except NoIsolation:
        for file in asked:
            file.sink.report(rules.NO_ISOLATION, subject=file.path.name)
        return {}
    outcomes: dict[Path, Outcome] = {}
    for file, answer in zip(asked, answers, strict=True):
        if isinstance(answer, OracleFailed):
            file.sink.report(rules.NOT_RUN, subject=file.path.name, reason=answer)
        else:
            outcomes.update((dag.bundle, with_skips(answer[dag.name], dag.workflow)) for dag in file.dags)
    return outcomes


def _run_machines(files: Sequence[_File], judged: Outcomes, settings: Settings) -> dict[Path, Outcome]:
    """What became of each machine whose DAG the oracle could run, several at a time."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = [
            (file, dag, pool.submit(_run_machine, dag, settings))
            for file in files
            for dag in file.dags
            if dag.bundle in judged
        ]
        outcomes: dict[Path, Outcome] = {}
        for file, dag, future in running:
            outcome = future.result()
            if isinstance(outcome, MachineFailed):
                file.sink.report(rules.NOT_RUN, subject=dag.name, reason=outcome)
            else:
                outcomes[dag.bundle] = outcome
        return outcomes


def _run_machine(dag: _Ready, settings: Settings) -> Outcome | MachineFailed:
    try:
        return run_machine(
            dag.bundle,
            dag.bundle.with_suffix(".run"),
            allow_network=settings.allow_network,
            time_limit=settings.time_limit,
            conf=settings.conf,
        )
    except MachineFailed as failed:
        return failed
