"""Methods of DAGs, tasks, groups, outputs, decorated functions and classes of operators."""

from __future__ import annotations

import ast
from dataclasses import replace

from transpilers.airflow.static.containers import iterate
from transpilers.airflow.static.graph.edges import ENDS, references, set_relatives
from transpilers.airflow.static.graph.groups import expand_group
from transpilers.airflow.static.graph.nodes import (
    Dag,
    DagFactory,
    DagParam,
    Group,
    GroupFactory,
    Label,
    Operator,
    OperatorPartial,
    Task,
    TaskFactory,
    XCom,
    XComConcatenated,
    XComMapped,
    XComZipped,
)
from transpilers.airflow.static.graph.registry import add_task
from transpilers.airflow.static.graph.scopes import CONTEXT, add_to_context
from transpilers.airflow.static.graph.taskflow import (
    TEARDOWN_RULE,
    expand_operator,
    expand_task,
    override_task,
    partial_operator,
    partial_task,
)
from transpilers.airflow.static.library.files import OpenFile, open_method
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.values import NO_ROOM, Object, Raised, Unknown, Value

SORTS = {"expand": "kwargs", "expand_kwargs": "dicts"}


def node_method(m: Machine, receiver: Value, name: str, arguments: Arguments) -> Value:
    """The value of a call; NO_ROOM for a receiver that is no node."""
    match receiver:
        case TaskFactory() | GroupFactory() | OperatorPartial() | Operator() | DagFactory():
            return _of_factory(m, receiver, name, arguments)
        case Dag():
            return _of_dag(m, receiver, name, arguments)
        case Object(class_name=found) if found == CONTEXT and name == "add_task":
            add_to_context(m, arguments.args[0] if arguments.args else None)
            return None
        case Object(class_name=OpenFile.NAME):
            return open_method(m, receiver, name, arguments)
        case _ if isinstance(receiver, ENDS):
            return _of_end(m, receiver, name, arguments)
        case _:
            return NO_ROOM


def _of_factory(
    m: Machine,
    receiver: TaskFactory | GroupFactory | OperatorPartial | Operator | DagFactory,
    name: str,
    arguments: Arguments,
) -> Value:
    match receiver, name:
        case TaskFactory(), "expand" | "expand_kwargs":
            return expand_task(m, receiver, arguments, SORTS[name])
        case TaskFactory(), "partial":
            return partial_task(receiver, arguments)
        case TaskFactory(), "override":
            return override_task(m, receiver, arguments)
        case GroupFactory(), "expand" | "expand_kwargs":
            return expand_group(m, receiver, arguments, SORTS[name])
        case GroupFactory(), "partial":
            return replace(receiver, partial={**receiver.partial, **arguments.kwargs})
        case GroupFactory(), "override":
            return replace(receiver, kwargs={**receiver.kwargs, **arguments.kwargs})
        case OperatorPartial(), "expand" | "expand_kwargs":
            return expand_operator(m, receiver, arguments, SORTS[name])
        case Operator(), "partial":
            return partial_operator(m, receiver, arguments)
        case _:
            m.doubt(f"what .{name}() does", arguments.node, m.dag)
            return m.unknown(f".{name}()", arguments.node)


def _param(m: Machine, dag: Dag, name: str, arguments: Arguments) -> Value:
    """A default becomes the DAG's param of the name (`DagParam` in `sdk/definitions/param.py`)."""
    given = [*arguments.args[1:2], *(arguments.kwargs[key] for key in ("default",) if key in arguments.kwargs)]
    if not given:
        return DagParam(name)
    known = dag.kwargs.get("params")
    if not isinstance(known, dict | None):
        return m.unknown("dag.param() beside params that are not known", arguments.node)
    dag.kwargs["params"] = {**(known or {}), name: given[0]}
    return DagParam(name, given[0])


def _of_dag(m: Machine, dag: Dag, name: str, arguments: Arguments) -> Value:
    first = arguments.args[0] if arguments.args else None
    node = arguments.node
    match name:
        case "get_task" if isinstance(first, str):
            if first in dag.tasks:
                return dag.tasks[first]
            raise Raised("TaskNotFound", first)
        case "has_task" if isinstance(first, str):
            return first in dag.tasks
        case "add_task" if isinstance(first, Task):
            add_task(m, dag, first)
            return None
        case "set_dependency" if len(arguments.args) == 2:
            second = arguments.args[1]
            if isinstance(first, str) and isinstance(second, str) and {first, second} <= dag.tasks.keys():
                set_relatives(m, dag.tasks[first], dag.tasks[second], node, upstream=False)
                return None
        case "param" if isinstance(first, str):
            return _param(m, dag, first, arguments)
        case "cli" | "test" | "validate" | "topological_sort" | "clear" | "run" | "tree_view":
            return m.unknown(f"dag.{name}()", node)
        case "__enter__":
            m.dag_stack.append(dag)
            return dag
        case "__exit__":
            if m.dag_stack:
                m.dag_stack.pop()
            m.touch(dag)
            dag.entered = True
            return None
        case _:
            pass
    m.doubt(f"what dag.{name}() does", node, dag)
    return m.unknown(f"dag.{name}()", node)


def _of_end(m: Machine, end: Value, name: str, arguments: Arguments) -> Value:
    node, kwargs = arguments.node, arguments.kwargs
    others = arguments.args[0] if arguments.args else kwargs.get("task_or_task_list", kwargs.get("other"))
    match name, end:
        case "set_downstream" | "set_upstream", _:
            modifier = kwargs.get("edge_modifier", arguments.args[1] if len(arguments.args) > 1 else None)
            label = modifier if isinstance(modifier, Label) else None
            if modifier is not label:
                m.doubt("an edge with a modifier", node, m.dag)
            set_relatives(m, end, others, node, upstream=name == "set_upstream", label=label)
            return None
        case "as_setup", Task() | XCom():
            for task in _tasks(end):
                m.touch(task)
                task.is_setup = True
            return end
        case "as_teardown", Task() | XCom():
            return _as_teardown(m, end, arguments)
        case "map", XComMapped():
            return XComMapped(end.source, (*end.callables, others))
        case "map", XCom() | XComZipped() | XComConcatenated():
            return XComMapped(end, (others,))
        case "zip", XCom() | XComMapped() | XComZipped() | XComConcatenated():
            filled = "fillvalue" in kwargs
            return XComZipped((end, *arguments.args), kwargs.get("fillvalue"), filled)
        case "concat", XCom() | XComMapped() | XComZipped() | XComConcatenated():
            return XComConcatenated((end, *arguments.args))
        case "get_direct_relatives" | "get_flat_relatives", Task():
            return m.unknown(f"task.{name}()", node)
        case "add", Group() if isinstance(others, Task):
            m.doubt("a task that is moved into a group", node, end.dag)
        case "add_outlets" | "add_inlets", Task():
            m.touch(end)
            end.kwargs[name.removeprefix("add_")] = others
            return None
        case "__enter__" | "__exit__", _:
            m.doubt(f"a context entered by {name}", node, m.dag)
        case "get_template_env" | "get_extra_links", _:
            return m.unknown(name, node)
        case _:
            m.doubt(f"what .{name}() does to a task", node, m.dag)
    return m.unknown(f".{name}()", node)


def _tasks(end: Value) -> list[Task]:
    return [end] if isinstance(end, Task) else [xcom.task for xcom in references(end)]


def _as_teardown(m: Machine, end: Value, arguments: Arguments) -> Value:
    setups = arguments.kwargs.get("setups", arguments.args[0] if arguments.args else None)
    fails = arguments.kwargs.get("on_failure_fail_dagrun")
    for task in _tasks(end):
        m.touch(task)
        task.is_teardown = True
        task.kwargs["trigger_rule"] = TEARDOWN_RULE
        if fails is not None:
            task.on_failure_fail_dagrun = fails is True
        _after(m, task, setups, arguments.node)
    return end


def _after(m: Machine, task: Task, setups: Value, node: ast.AST) -> None:
    if setups is None:
        return
    several = [setups] if isinstance(setups, ENDS) else iterate(m, setups, node)
    if isinstance(several, Unknown):
        m.doubt(f"the setups of a teardown depend on {several.reason}", node, task.dag)
        return
    for setup in several:
        for each in _tasks(setup):
            m.touch(each)
            each.is_setup = True
        set_relatives(m, setup, task, node, upstream=False)
