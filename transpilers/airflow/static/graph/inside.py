"""Attributes of DAGs, tasks, groups, outputs and decorators."""

from __future__ import annotations

import ast

from transpilers.airflow.static.classes import find
from transpilers.airflow.static.graph.edges import group_leaves, group_roots, tasks_of
from transpilers.airflow.static.graph.nodes import (
    Dag,
    Decorator,
    Group,
    Operator,
    Task,
    TaskFactory,
    XCom,
)
from transpilers.airflow.static.machine import Machine
from transpilers.airflow.static.values import Bound, Function, Method, Native, Property, Unknown, Value


def node_attribute(m: Machine, value: Value, name: str, node: ast.AST) -> Value:
    """The value of an attribute; what is none of these is a method."""
    match value:
        case Dag():
            return _of_dag(m, value, name, node)
        case Task():
            return _of_task(m, value, name, node)
        case XCom():
            return _of_output(m, value, name, node)
        case Group():
            return _of_group(m, value, name)
        case Operator():
            return _of_class(m, value, name)
        case Decorator():
            return _of_decorator(m, value, name, node)
        case TaskFactory():
            return _of_factory(value, name)
        case _:
            return Method(value, name)


def _of_dag(m: Machine, dag: Dag, name: str, node: ast.AST) -> Value:
    match name:
        case "dag_id":
            return dag.dag_id
        case "tasks":
            return list(dag.tasks.values())
        case "task_ids":
            return list(dag.tasks)
        case "task_dict":
            return dict(dag.tasks.items())
        case "task_group":
            return dag.root
        case "roots" | "leaves":
            return [task for task in dag.tasks.values() if not (task.upstream if name == "roots" else task.downstream)]
        case "default_args":
            return dag.default_args if dag.default_args is not None else {}
        case "task":
            return Decorator("task", {"dag": dag}, True)
        case "fileloc" | "filepath":
            return m.path
        case _ if name in dag.attributes:
            return dag.attributes[name]
        case "doc_md" | "description" | "schedule" | "start_date" | "end_date" | "catchup" | "tags":
            return dag.kwargs.get(name, m.unknown(f"dag.{name}", node))
        case _:
            return Method(dag, name)


def _of_task(m: Machine, task: Task, name: str, node: ast.AST) -> Value:
    if name in task.attributes:
        return task.attributes[name]
    match name:
        case "task_id":
            return task.task_id
        case "output":
            return XCom(task)
        case "dag":
            return task.dag
        case "dag_id":
            return task.dag.dag_id if task.dag is not None else "_in_memory_dag_"
        case "task_group":
            return task.group
        case "is_setup" | "is_teardown":
            return bool(getattr(task, name))
        case "upstream_task_ids" | "downstream_task_ids":
            found = task.upstream if name.startswith("up") else task.downstream
            return set(found)
        case "upstream_list" | "downstream_list":
            found = task.upstream if name.startswith("up") else task.downstream
            return [task.dag.tasks[each] for each in found] if task.dag is not None else []
        case "task_type" | "operator_name":
            return task.operator.class_name.rpartition(".")[2]
        case "log":
            return Unknown("a logger")
        case _:
            pass
    if task.user_class is not None:
        value, _ = find(task.user_class, name)
        if isinstance(value, Function):
            return Bound(value, task)
        if isinstance(value, Property) and isinstance(value.function, Function):
            inner = value.function
            if value.sort == "property":
                return m.apply(Bound(inner, task), [], node)
            return inner if value.sort == "static" else Bound(inner, task.operator)
        if value is not None:
            return value
    if name in task.kwargs:
        return task.kwargs[name]
    if name in (task.operator.parameters or ()):
        return m.unknown(f"{task.operator.class_name.rpartition('.')[2]}.{name}", node)
    return Method(task, name)


def _of_output(m: Machine, output: XCom, name: str, node: ast.AST) -> Value:
    match name:
        case "operator":
            return output.task
        case "key":
            return output.key
        case "is_setup" | "is_teardown" | "on_failure_fail_dagrun":
            return _of_task(m, output.task, name, node)
        case _:
            return Method(output, name)


def _of_group(m: Machine, group: Group, name: str) -> Value:
    match name:
        case "group_id":
            return group.group_id
        case "dag":
            return group.dag
        case "children":
            return dict(group.children.items())
        case "roots":
            return list(group_roots(group))
        case "leaves":
            return list(group_leaves(group))
        case "parent_group" | "task_group":
            return group.parent
        case "get_roots" | "get_leaves" | "iter_tasks":
            found = {"get_roots": group_roots, "get_leaves": group_leaves}.get(name, tasks_of)(group)
            tasks: Value = list(found)
            return Native(name, lambda _args, _kwargs, _node: tasks)
        case _:
            return Method(group, name)


def _of_class(m: Machine, operator: Operator, name: str) -> Value:
    if operator.user_class is not None:
        value, _ = find(operator.user_class, name)
        if isinstance(value, Property):
            inner = value.function
            return Bound(inner, operator) if value.sort == "class" and isinstance(inner, Function) else inner
        if value is not None:
            return value
    if name == "__name__":
        return operator.class_name.rpartition(".")[2]
    if name == "template_fields" and operator.fields is not None:
        return operator.fields
    return Method(operator, name)


def _of_decorator(m: Machine, decorator: Decorator, name: str, node: ast.AST) -> Value:
    if decorator.sort == "task" and not name.startswith("_"):
        return Decorator(f"task.{name}", decorator.kwargs, decorator.called)
    return m.unknown(f"{decorator.sort}.{name}", node)


def _of_factory(factory: TaskFactory, name: str) -> Value:
    if name in ("function", "__wrapped__"):
        return factory.function
    if name == "__name__" and isinstance(factory.function, Function):
        return factory.function.name
    return Method(factory, name)
