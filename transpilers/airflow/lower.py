"""A DAG of the wire to a workflow of the IR: one place, whichever loader read the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from core_compiler.diagnostics import Sink, Span
from core_compiler.ir import (
    Edge,
    EdgeKind,
    FailurePolicy,
    Group,
    Source,
    Task,
    Workflow,
    outputs,
)
from core_compiler.ir.verify import verify
from transpilers.airflow import mapping_rules, rules
from transpilers.airflow.asking import AIRFLOW_2, AIRFLOW_3
from transpilers.airflow.call import DagCall, Delta, GroupCall, Literal, Value
from transpilers.airflow.dag_arguments import DAG_ARGUMENTS, DAG_ARGUMENTS_2, DAG_KEPT, GROUP_ARGUMENTS, GROUP_KEPT
from transpilers.airflow.dialect import NEWEST
from transpilers.airflow.libraries import libraries
from transpilers.airflow.mapping import mapped_over
from transpilers.airflow.notes import collapsed, note
from transpilers.airflow.pulls import check_pulls
from transpilers.airflow.rendering import Rendering
from transpilers.airflow.run_context import functions_of_templates, run_context
from transpilers.airflow.scopes import leaves
from transpilers.airflow.second import check_second
from transpilers.airflow.shape import Shape
from transpilers.airflow.taking import with_code
from transpilers.airflow.tasks import draft
from transpilers.airflow.uses import Site, account

#: What Airflow 2 takes for the schedule of a DAG that is given none.
A_DAY = Delta(86400.0)


def lower(dag: DagCall, path: str, sink: Sink, major: int = NEWEST) -> Workflow | None:
    """The workflow of one DAG of the file at `path`, or None after errors. All findings go to `sink`.

    `major`: the version of Airflow whose semantics the file has.
    """
    own = Sink()
    site = Site(dag.dag_id, dag.span or Span(path), own)
    account(dag.kwargs, DAG_KEPT, DAG_ARGUMENTS if major == NEWEST else DAG_ARGUMENTS_2, site, "DAG")
    for group in dag.groups:
        inside = site._replace(subject=group.id)
        account(group.kwargs, GROUP_KEPT, GROUP_ARGUMENTS, inside, "TaskGroup")
        _check_mapped(group, dag, inside)
    timeout, schedule = _timeout(dag.kwargs, site), _schedule(dag.kwargs, site, major)
    shape = Shape(dag, major)
    rendering = Rendering(dag, Path(path), AIRFLOW_3 if major == NEWEST else AIRFLOW_2)
    drafts = [made for call in dag.calls if (made := draft(call, dag, shape, own, rendering)) is not None]
    code = with_code(drafts, functions_of_templates(dag), Path(path), own)
    tasks = tuple(_looked_at(task, shape) for task in mapped_over(code.tasks, major))
    if major != NEWEST:
        check_second(tasks, site)
    context = run_context(dag, tasks, shape, rendering, site, code.callables)
    workflow = Workflow(
        name=dag.dag_id,
        tasks=tasks,
        edges=_edges(dag, tasks),
        groups=tuple(map(_group, dag.groups)),
        leaves=leaves(shape),
        failure_policy=_failure_policy(dag.kwargs, site),
        timeout=timeout,
        schedule=schedule,
        source=Source("airflow", path, dag.dag_id),
        files=tuple(sorted((*code.files, *rendering.files.values()), key=lambda file: file.path)),
        context=context,
        requires=tuple(sorted(code.requires | libraries(context, rendering, code.tasks, code.asks, code.files))),
    )
    if not own.failed:
        verify(workflow, own)
        note(workflow, site)
        check_pulls(workflow, site)
    sink.extend(collapsed(own.diagnostics))
    return None if own.failed else workflow


def _looked_at(task: Task, shape: Shape) -> Task:
    """In a mapped group a task can be mapped over what is no upstream task of its own, and no rule looks at."""
    if task.mapping is None or not task.mapping.group:
        return task
    return msgspec.structs.replace(task, upstream=shape.upstream[task.id])


def _check_mapped(group: GroupCall, dag: DagCall, site: Site) -> None:
    if group.mapped is None:
        return
    groups = {one.id: one for one in dag.groups}
    outer = groups.get(group.parent or "")
    while outer is not None:
        if outer.mapped is not None:
            site.report(mapping_rules.NESTED, outer=outer.id)
        outer = groups.get(outer.parent or "")


def _edges(dag: DagCall, tasks: Sequence[Task]) -> tuple[Edge, ...]:
    reads = {(output.task, task.id) for task in tasks for value in task.arguments() for output in outputs(value)}
    return tuple(
        Edge(
            edge.upstream,
            edge.downstream,
            EdgeKind.DATA if (edge.upstream, edge.downstream) in reads else EdgeKind.ORDER,
            edge.label,
        )
        for edge in dag.edges
    )


def _group(group: GroupCall) -> Group:
    label = group.kwargs.get("group_display_name")
    return Group(group.id, group.tasks, group.parent, str(label.value) if isinstance(label, Literal) else "")


def _timeout(kwargs: dict[str, Value], site: Site) -> float | None:
    match kwargs.get("dagrun_timeout"):
        case None | Literal(None):
            return None
        case Delta(seconds):
            reason = "past it, running tasks are aborted, where Airflow marks them as skipped; the run fails in both"
            site.report(rules.ARGUMENT_CHANGED, argument="dagrun_timeout", reason=reason)
            return seconds
        case _:
            site.report(rules.VALUE, argument="dagrun_timeout", reason="is not a timedelta")
            return None


def _failure_policy(kwargs: dict[str, Value], site: Site) -> FailurePolicy:
    argument = "fail_stop" if "fail_stop" in kwargs else "fail_fast"
    match kwargs.get(argument):
        case None | Literal(False):
            return FailurePolicy.CONTINUE
        case Literal(True):
            reason = "what runs at the first failure goes on to its end, where Airflow fails it"
            site.report(rules.ARGUMENT_CHANGED, argument=argument, reason=reason)
            return FailurePolicy.SKIP
        case _:
            site.report(rules.VALUE, argument=argument, reason="is not True or False")
            return FailurePolicy.CONTINUE


def _schedule(kwargs: dict[str, Value], site: Site, major: int) -> str | None:
    """Cron and presets as they are, a timedelta as a repeating interval of ISO 8601. Airflow 2's default is a day."""
    names = ("schedule", "schedule_interval", "timetable")
    found = [kwargs[name] for name in names if name in kwargs and kwargs[name] != Literal(None)]
    given = any(name in kwargs for name in names)
    match found[0] if found else Literal(None) if given or major == NEWEST else A_DAY:
        case Literal(None):
            return None
        case Literal(str() as text):
            return text
        case Delta(seconds):
            return f"R/PT{seconds:g}S"
        case _:
            reason = "runs are started by assets or by a timetable in Python"
            site.report(rules.ARGUMENT_REFUSED, argument="schedule", reason=reason)
            return None
