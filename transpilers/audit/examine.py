"""One file: from what a loader said of it to its report. Nothing of the file is run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from core_compiler.asl.limits import DOLLARS_PER_1000_TRANSITIONS
from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Diagnostic, Severity, Sink
from core_compiler.ir import Component, Workflow
from transpilers.airflow import faults
from transpilers.airflow.call import DagCall, DagFile, OperatorCall
from transpilers.airflow.dialect import major_of
from transpilers.airflow.lower import lower
from transpilers.airflow.shape import Shape
from transpilers.airflow.table import title
from transpilers.airflow.tasks import draft
from transpilers.audit.ignores import comments, put_aside
from transpilers.audit.naming import what
from transpilers.audit.report import Cost, DagReport, FileReport, Held, Verdict
from transpilers.audit.verdicts import task_report


class _Looked(NamedTuple):
    """A DAG, what it became, and what was found on the way."""

    dag: DagCall
    major: int
    workflow: Workflow | None
    cost: Cost | None
    found: tuple[Diagnostic, ...]


def examine(file: DagFile, python: str, more: Iterable[Diagnostic] = ()) -> FileReport:
    """The report on one file. `python`: the interpreter that read it, for messages; `more`: findings made elsewhere."""
    sink = Sink()
    written = comments(_source(file.path), file.path, sink)
    found = Sink()
    for fault in file.faults:
        faults.report(fault, file.path, python, found)
    found.extend(more)
    sure = all(fault.sort != "decides" for fault in file.faults)
    looked = [_looked(dag, file, sure=sure) for dag in file.dags]
    for one in looked:
        found.extend(one.found)
    kept, ignored = put_aside(found.diagnostics, written, file.path, sink)
    standing = set(kept)
    dags = [_dag(one, standing) for one in looked]
    seen = {"", *(dag.id for dag in dags)}
    refused = dict.fromkeys(one.dag_id for one in file.faults)
    dags += [_refused(dag_id, kept) for dag_id in refused if dag_id not in seen]
    return FileReport(file.path, tuple(dags), (*kept, *sink.diagnostics), tuple(ignored))


def _looked(dag: DagCall, file: DagFile, *, sure: bool) -> _Looked:
    own, major = Sink(), major_of(file.dialect)
    workflow = lower(dag, file.path, own, major)
    compiled = compile_workflow(workflow, own) if workflow is not None and sure else None
    transitions = compiled.prediction.transitions if compiled is not None else 0
    cost = Cost(transitions, round(transitions * DOLLARS_PER_1000_TRANSITIONS, 6)) if compiled is not None else None
    return _Looked(dag, major, workflow, cost, own.diagnostics)


def _dag(looked: _Looked, standing: set[Diagnostic]) -> DagReport:
    dag = looked.dag
    errors = [one for one in looked.found if one.severity is Severity.ERROR and one in standing]
    calls = {call.task_id: call for call in dag.calls}
    by_task: dict[str, list[Diagnostic]] = {}
    for one in errors:
        by_task.setdefault(_owner(one, dag, calls), []).append(one)
    components = _components(looked)
    tasks = tuple(
        task_report(name, _called(call.class_name), _line(call), components.get(name), by_task.get(name, ()))
        for name, call in calls.items()
    )
    verdicts = [task.verdict for task in tasks]
    if by_task.get("") or not tasks:
        verdicts.append(Verdict.MANUAL)
    worst = max(verdicts, key=lambda verdict: verdict.rank)
    return DagReport(dag.dag_id, worst, tasks, looked.cost, held(errors))


def held(errors: Sequence[Diagnostic]) -> tuple[Held, ...]:
    """What holds a DAG back, the same thing once."""
    found: dict[tuple[str, str], Held] = {}
    for one in errors:
        key = one.code, what(one)
        before = found.get(key)
        found[key] = Held(*key, before.line if before else one.line, (before.findings if before else 0) + 1)
    return tuple(found.values())


def _refused(dag_id: str, found: Sequence[Diagnostic]) -> DagReport:
    errors = [one for one in found if one.subject == dag_id and one.severity is Severity.ERROR]
    return DagReport(dag_id, Verdict.MANUAL if errors else Verdict.LAMBDA, (), None, held(errors))


def _owner(found: Diagnostic, dag: DagCall, calls: dict[str, OperatorCall]) -> str:
    """The task that a finding is about, "" for the DAG, its groups and its graph."""
    call = calls.get(found.subject)
    if call is None:
        return ""
    groups = {group.id for group in dag.groups}
    shared = found.subject == dag.dag_id or found.subject in groups
    own = dag.span is None or call.span is None or found.line != dag.span.line or dag.span.line == call.span.line
    return found.subject if own or not shared else ""


def _components(looked: _Looked) -> dict[str, Component]:
    """What each task runs, also where the DAG as a whole was refused."""
    if looked.workflow is not None:
        return {task.id: task.component for task in looked.workflow.tasks}
    shape = Shape(looked.dag, looked.major)
    drafts = [draft(call, looked.dag, shape, Sink()) for call in looked.dag.calls]
    return {made.task.id: made.task.component for made in drafts if made is not None}


def _called(class_name: str) -> str:
    return "@task" if class_name.endswith("._PythonDecoratedOperator") else title(class_name)


def _line(call: OperatorCall) -> int:
    return call.span.line if call.span else 0


def _source(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
