"""Airflow files to workflows: load, lower, and say what could not be taken."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from core_compiler.diagnostics import Sink, Span
from transpilers.airflow import faults, rules
from transpilers.airflow.call import DagFile
from transpilers.airflow.dialect import major_of
from transpilers.airflow.loaders import LOADERS, load_file
from transpilers.airflow.lower import lower
from transpilers.importer import Imported, ImportedWorkflow

__all__ = ["LOADERS", "lowered", "read"]

TIME_LIMIT = 60.0


def read(
    path: Path,
    *,
    loader: str = "auto",
    python: Path | None = None,
    dag_id: str | None = None,
    time_limit: float = TIME_LIMIT,
) -> Imported:
    """The workflows of a DAG file, of `dag_id` alone where it is given.

    `python`: the interpreter whose Airflow reads the file; `time_limit`: seconds for that. Nothing is raised for what
    is wrong with the file: it is among the diagnostics. The same file gives the same workflows, tasks in the order of
    their definition. Raises ValueError for an unknown `loader`.
    """
    if loader not in LOADERS:
        raise ValueError(f"{loader!r} is not one of {', '.join(LOADERS)}")
    sink = Sink()
    missing = f"{path} is a folder" if path.is_dir() else "" if path.is_file() else f"no file {path}"
    if missing:
        sink.report(rules.NO_FILE, Span(str(path)), reason=missing)
        return Imported((), sink.diagnostics)
    file = load_file(path, loader, python, time_limit)
    return lowered(file, str(python or sys.executable), dag_id, sink)


def lowered(file: DagFile, python: str, dag_id: str | None, sink: Sink) -> Imported:
    """What a loader said, as workflows. A DAG that is not asked for is not looked at."""
    known = sorted({dag.dag_id for dag in file.dags} | {fault.dag_id for fault in file.faults} - {""})
    if dag_id is not None and known:
        if dag_id not in known:
            listed = ", ".join(map(repr, known))
            sink.report(rules.UNKNOWN_DAG, Span(file.path), subject=dag_id, dag_id=dag_id, known=listed)
            return Imported((), sink.diagnostics)
        file = msgspec.structs.replace(
            file,
            dags=tuple(dag for dag in file.dags if dag.dag_id == dag_id),
            faults=tuple(fault for fault in file.faults if fault.dag_id == dag_id),
        )
    for fault in file.faults:
        faults.report(fault, file.path, python, sink)
    refused = dict.fromkeys(fault.dag_id for fault in file.faults if fault.dag_id)
    sure = all(fault.sort != "decides" for fault in file.faults)
    major = major_of(file.dialect)
    entries = [ImportedWorkflow(dag.dag_id, lower(dag, file.path, sink, major) if sure else None) for dag in file.dags]
    entries += [ImportedWorkflow(name, None) for name in refused]
    return Imported(tuple(entries), sink.diagnostics)
