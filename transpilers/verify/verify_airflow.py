"""Verification of Airflow files: compile each DAG, run both sides, compare."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
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
from transpilers.verify.compare import compare
from transpilers.verify.machine import MachineFailed, run_machine
from transpilers.verify.outcome import Outcome
from transpilers.verify.report import Difference, Report, Unstable
from transpilers.verify.sandbox import NoIsolation


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How to verify. `time_limit`: seconds for the oracle, and for each machine."""

    python: Path | None = None
    structure: str = "auto"
    allow_network: bool = False
    time_limit: float = 600.0


class _Ready(msgspec.Struct, frozen=True):
    """A DAG that compiled, and its bundle."""

    name: str
    workflow: Workflow
    bundle: Path


def verify_airflow(imported: Sequence[tuple[Path, Imported]], settings: Settings) -> list[Report]:
    """Verify every DAG that was read, a report for each file; one oracle process serves them all.

    A file is equal only when none of its DAGs was refused, both sides ended, and nothing differs.
    """
    sinks = [Sink() for _ in imported]
    with tempfile.TemporaryDirectory(prefix="stepweave-verify-") as scratch:
        folder = Path(scratch)
        ready: list[list[_Ready]] = []
        for number, ((_, one), sink) in enumerate(zip(imported, sinks, strict=True)):
            sink.extend(one.diagnostics)
            ready.append(_compiled(one, folder / str(number), settings, sink))
        judged = [
            Judged(path, tuple(dag.name for dag in dags)) for (path, _), dags in zip(imported, ready, strict=True)
        ]
        oracles = _judge(judged, folder / "source", settings, sinks)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            machines = [
                [pool.submit(_machine, dag, settings) for dag in dags] if oracle else []
                for dags, oracle in zip(ready, oracles, strict=True)
            ]
            return [
                _report(dags, oracle or [], [one.result() for one in runs], sink)
                for dags, oracle, runs, sink in zip(ready, oracles, machines, sinks, strict=True)
            ]


def _compiled(imported: Imported, folder: Path, settings: Settings, sink: Sink) -> list[_Ready]:
    ready: list[_Ready] = []
    for number, entry in enumerate(imported.workflows):
        own = Sink()
        compiled = entry.workflow and compile_workflow(entry.workflow, own, structure_name=settings.structure)
        if compiled is not None and write_bundle(compiled, folder / str(number), own):
            ready.append(_Ready(entry.id, compiled.workflow, folder / str(number)))
        sink.extend(own.diagnostics)
    return ready


def _judge(
    judged: Sequence[Judged], folder: Path, settings: Settings, sinks: Sequence[Sink]
) -> list[list[dict[str, Outcome]] | None]:
    """The oracle's word on each file; None for one with nothing to run, or that could not be run."""
    places = [index for index, one in enumerate(judged) if one.dag_ids]
    found: list[list[dict[str, Outcome]] | None] = [None] * len(judged)
    if not places:
        return found
    try:
        answers = run_airflow(
            [judged[index] for index in places],
            folder,
            python=settings.python,
            allow_network=settings.allow_network,
            time_limit=settings.time_limit,
        )
    except OracleFailed as failed:
        answers = [failed] * len(places)
    except NoIsolation:
        for index in places:
            sinks[index].report(rules.NO_ISOLATION, subject=judged[index].path.name)
        return found
    for index, answer in zip(places, answers, strict=True):
        if isinstance(answer, OracleFailed):
            sinks[index].report(rules.NOT_RUN, subject=judged[index].path.name, reason=answer)
        else:
            found[index] = answer
    return found


def _machine(dag: _Ready, settings: Settings) -> Outcome | MachineFailed:
    try:
        return run_machine(
            dag.bundle,
            dag.bundle.with_suffix(".run"),
            allow_network=settings.allow_network,
            time_limit=settings.time_limit,
        )
    except MachineFailed as failed:
        return failed


def _report(
    dags: Sequence[_Ready],
    oracle: Sequence[dict[str, Outcome]],
    machines: Sequence[Outcome | MachineFailed],
    sink: Sink,
) -> Report:
    found: list[Difference] = []
    unstable: list[Unstable] = []
    tasks = values = 0
    for dag, machine in zip(dags, machines, strict=False):
        if isinstance(machine, MachineFailed):
            sink.report(rules.NOT_RUN, subject=dag.name, reason=machine)
            continue
        joins = frozenset(task.id for task in dag.workflow.tasks if isinstance(task.component, NoOp))
        compared = compare(dag.name, oracle[0][dag.name], oracle[1][dag.name], machine, joins)
        tasks += compared.tasks
        values += compared.values
        found += compared.differences
        unstable += compared.unstable
    equal = tasks > 0 and not found and not sink.failed
    return Report(equal, tasks, values, tuple(found), tuple(unstable), sink.diagnostics)
