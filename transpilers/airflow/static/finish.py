"""What has been read, as `call.DagFile`: whole DAGs, and a fault for each that is in doubt."""

from __future__ import annotations

from core_compiler.diagnostics import Span
from transpilers.airflow.call import DagCall, DagFile, EdgeCall, GroupCall, LoadFault, OperatorCall
from transpilers.airflow.call import Value as WireValue
from transpilers.airflow.static.accounting import account
from transpilers.airflow.static.dates import of_task, with_dates
from transpilers.airflow.static.graph.nodes import Dag, Group, Task
from transpilers.airflow.static.graph.owning import own_class
from transpilers.airflow.static.machine import Doubt, Machine
from transpilers.airflow.static.schedules import timetable
from transpilers.airflow.static.shipped import DAG, TASK, THIRD, parted
from transpilers.airflow.static.values import Value
from transpilers.airflow.static.wire import encode, mapping

#: Names that Airflow 3 has given arguments of a DAG.
RENAMED = {"schedule_interval": "schedule", "timetable": "schedule", "concurrency": "max_active_tasks"}
RENAMED["fail_stop"] = "fail_fast"


def finish(m: Machine, dialect: str) -> DagFile:
    """The file's DAGs, those that Airflow would take from it, in the order of their making."""
    account(m)
    # Without a DAG it is nothing to Airflow, or the DAG around it is one that is not known here.
    m.doubts += [Doubt("a task is in no DAG that is known", task.span) for task in m.loose if task.dag is None]
    held = {id(value) for value in m.main.scope.names.values() if isinstance(value, Dag)}
    dags = [dag for dag in m.dags if dag.entered or id(dag) in held]
    whole = [doubt for doubt in m.doubts if doubt.dag is None]
    faults = [_fault(m, doubt) for doubt in m.doubts if doubt.dag is None or doubt.dag in dags]
    faults += _duplicates(dags)
    if whole:
        # What the whole file is in doubt about may be about any of its DAGs.
        return DagFile(path=m.shown, dialect=dialect, faults=tuple(faults))
    refused = {fault.dag_id for fault in faults}
    calls = tuple(_dag_call(m, dag, dialect) for dag in dags if dag.dag_id not in refused)
    if not dags and not faults:
        faults.append(LoadFault("no_dag", "", Span(m.shown)))
    return DagFile(path=m.shown, dialect=dialect, dags=calls, faults=tuple(faults))


def _fault(m: Machine, doubt: Doubt) -> LoadFault:
    dag_id = doubt.dag.dag_id if doubt.dag is not None else ""
    return LoadFault("unresolved", doubt.reason[:300], doubt.span or Span(m.shown), dag_id)


def _duplicates(dags: list[Dag]) -> list[LoadFault]:
    first: dict[str, Dag] = {}
    found: list[LoadFault] = []
    for dag in dags:
        before = first.setdefault(dag.dag_id, dag)
        if before is not dag:
            where = f"line {before.span.line}" if before.span is not None else "elsewhere"
            found.append(LoadFault("duplicate", where, dag.span, dag.dag_id))
    return found


def _dag_call(m: Machine, dag: Dag, dialect: str) -> DagCall:
    kwargs = {RENAMED.get(name, name): value for name, value in with_dates(dag, dag.kwargs).items()}
    if isinstance(tags := kwargs.get("tags"), (list, tuple)) and all(isinstance(tag, str) for tag in tags):
        kwargs["tags"] = set(tags)
    order = {name: place for place, name in enumerate(dag.tasks)}
    edges = sorted(dag.edges.items(), key=lambda pair: (order[pair[0][1]], order[pair[0][0]]))
    groups: list[GroupCall] = []
    _walk(m, dag.root, None, groups)
    given, shipped = parted(kwargs, DAG | THIRD if dialect == "3" else DAG)
    return DagCall(
        dag_id=dag.dag_id,
        kwargs=_encoded(m, given),
        calls=tuple(_operator_call(m, task, kwargs) for task in dag.tasks.values()),
        edges=tuple(EdgeCall(upstream, downstream, label) for (upstream, downstream), label in edges),
        groups=tuple(groups),
        timetable=timetable(dag, kwargs, dialect),
        defaults=_encoded(m, shipped),
        span=dag.span,
    )


def _encoded(m: Machine, kwargs: dict[str, Value]) -> dict[str, WireValue]:
    return {name: encode(m, value) for name, value in kwargs.items()}


def _operator_call(m: Machine, task: Task, dates: dict[str, Value]) -> OperatorCall:
    given, shipped = parted(of_task(task.kwargs, dates), TASK)
    kwargs = _encoded(m, given)
    if (why := m.patched.get(task.operator.class_name)) is not None:
        kwargs["**"] = encode(m, why)
    flags = {
        "is_setup": task.is_setup,
        "is_teardown": task.is_teardown,
        "on_failure_fail_dagrun": task.on_failure_fail_dagrun,
    }
    kwargs |= {name: encode(m, True) for name, value in flags.items() if value}
    return OperatorCall(
        class_name=task.operator.class_name,
        task_id=task.task_id,
        kwargs=kwargs,
        mapped=mapping(m, task.mapped),
        span=task.span,
        defaults=_encoded(m, shipped),
        own=own_class(m, task),
    )


def _walk(m: Machine, group: Group, parent: str | None, found: list[GroupCall]) -> None:
    tasks = tuple(child.task_id for child in group.children.values() if isinstance(child, Task))
    name = group.group_id
    if name is not None:
        found.append(
            GroupCall(
                id=name, kwargs=_encoded(m, group.kwargs), tasks=tasks, parent=parent, mapped=mapping(m, group.mapped)
            )
        )
    for child in group.children.values():
        if isinstance(child, Group):
            _walk(m, child, name, found)
