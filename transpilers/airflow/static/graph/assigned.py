"""Assigning to attributes of DAGs, tasks and groups."""

from __future__ import annotations

import ast

from transpilers.airflow.static.graph.edges import references, set_upstream
from transpilers.airflow.static.graph.nodes import Dag, Group, Operator, Task, TaskFactory, XCom
from transpilers.airflow.static.graph.registry import add_task
from transpilers.airflow.static.machine import Machine
from transpilers.airflow.static.values import Method, Native, Unknown, Value

#: Attributes of a DAG that are arguments by another name.
DAG_ARGUMENTS = frozenset(
    [
        "doc_md",
        "description",
        "tags",
        "catchup",
        "schedule",
        "schedule_interval",
        "start_date",
        "end_date",
        "max_active_runs",
        "max_active_tasks",
        "dagrun_timeout",
        "on_failure_callback",
        "on_success_callback",
        "params",
        "fail_fast",
        "timetable",
        "is_paused_upon_creation",
    ]
)
#: Attributes of a class that decide about edges and ids.
GRAPH = frozenset({"template_fields", "output", "set_upstream", "set_downstream", "task_id", "partial"})


def set_attribute(m: Machine, owner: Value, name: str, value: Value, node: ast.AST) -> None:
    """`owner.name = value`."""
    match owner:
        case Task():
            _of_task(m, owner, name, value, node)
        case XCom():
            _of_task(m, owner.task, name, value, node)
        case Dag():
            _of_dag(m, owner, name, value, node)
        case Group():
            m.touch(owner)
            if name in ("doc_md", "tooltip", "ui_color", "ui_fgcolor"):
                owner.kwargs[name] = value
            else:
                m.doubt(f"an assignment to {name} of a group", node, owner.dag)
        case TaskFactory() if name.startswith("__"):
            pass
        case Operator(class_name=cls) if name == "template_fields" and not cls.startswith("airflow.providers.standard"):
            fields = [each for each in value if isinstance(each, str)] if isinstance(value, (tuple, list)) else []
            if not isinstance(value, (tuple, list)) or len(fields) != len(value):
                m.doubt(f"which fields of {cls} are rendered", node)
            m.fields[cls] = tuple(fields)
        case Operator(class_name=cls) if not name.startswith("__") and name not in GRAPH:
            m.patched[cls] = m.unknown(f"the file changes {name} of {cls.rpartition('.')[2]}", node)
        case Operator():
            m.doubt(f"an assignment to {name} of a class of operators", node)
        case Method() | Native():
            pass
        case _:
            m.doubt(f"an assignment to {name}", node, m.dag)


def _of_task(m: Machine, task: Task, name: str, value: Value, node: ast.AST) -> None:
    m.touch(task)
    match name:
        case "dag" if isinstance(value, Dag):
            if task.dag is None:
                add_task(m, value, task)
        case "is_setup" | "is_teardown" | "on_failure_fail_dagrun" if isinstance(value, bool):
            setattr(task, name, value)
        case (
            "dag" | "task_id" | "task_group" | "upstream_task_ids" | "downstream_task_ids" | "is_setup" | "is_teardown"
        ):
            if not (name == "task_id" and not task.ready):
                m.doubt(f"an assignment to {name} of a task", node, task.dag)
        case _:
            task.attributes[name] = value
            if task.ready and name in (task.operator.parameters or ()):
                task.kwargs[name] = value
            if task.ready and name in (task.operator.fields or ()):
                if isinstance(value, Unknown) and value.carries:
                    m.doubt(f"an edge from what is in {value.reason}", node, task.dag)
                for xcom in references(value):
                    set_upstream(m, task, xcom.task, node)


def _of_dag(m: Machine, dag: Dag, name: str, value: Value, node: ast.AST) -> None:
    m.touch(dag)
    if name in DAG_ARGUMENTS:
        dag.kwargs[name] = value
    elif name in ("dag_id", "task_dict", "default_args", "task_group"):
        m.doubt(f"an assignment to {name} of a DAG", node, dag)
    else:
        dag.attributes[name] = value
