"""`@asset` and `@asset.multi`: a DAG of one task each (`sdk/definitions/asset/decorators.py`)."""

from __future__ import annotations

import ast
from dataclasses import replace

from transpilers.airflow.classes import operator_class
from transpilers.airflow.static.graph.dags import make_dag
from transpilers.airflow.static.graph.nodes import Dag, Operator, Task, TaskFactory
from transpilers.airflow.static.graph.operators import finish
from transpilers.airflow.static.graph.taskflow import call_task_factory
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.values import Function, Native, Object, Unknown, Value

HOME = "airflow.sdk.definitions.asset"
MAIN = f"{HOME}.decorators._AssetMainOperator"
#: Arguments that are of the asset, not of its DAG.
OWN = frozenset({"name", "uri", "group", "extra", "watchers", "outlets"})
#: Parameters of the function that Airflow fills with other things than assets.
FILLED = frozenset({"self", "context", "outlet_events"})


def asset_decorator(m: Machine, arguments: Arguments, *, several: bool) -> Value:
    """`asset(...)`, still to be given its function."""
    if arguments.rest is not None or arguments.args:
        m.doubt("@asset with such arguments", arguments.node)
    kwargs = dict(arguments.kwargs)
    return Native("asset", lambda args, _kwargs, node: _defined(m, args[0] if args else None, kwargs, node, several))


def _defined(m: Machine, target: Value, kwargs: dict[str, Value], node: ast.AST, several: bool) -> Value:
    function = target.function if isinstance(target, TaskFactory) else target
    if not isinstance(function, Function):
        m.doubt("what @asset decorates", node)
        return m.unknown("@asset", node)
    named = kwargs.get("name") if not several else None
    name = function.name if named is None else named
    if not isinstance(name, str):
        m.doubt(f"the name of an asset depends on {name.reason if isinstance(name, Unknown) else 'a value'}", node)
        name = function.name
    made = Object(f"{HOME}.decorators.AssetDefinition", (), {"name": name, "uri": kwargs.get("uri", name)})
    outlets: Value = kwargs.get("outlets") if several else [made]
    given = {key: value for key, value in kwargs.items() if key not in OWN}
    dag = make_dag(m, Arguments([], {**given, "dag_id": given.get("dag_id") or name}, node))
    if isinstance(dag, Dag):
        m.dag_stack.append(dag)
        try:
            _task(m, target, function, name, outlets, node)
        finally:
            m.dag_stack.pop()
        m.touch(dag)
        dag.entered = True
    return made


def _task(m: Machine, target: Value, function: Function, name: str, outlets: Value, node: ast.AST) -> None:
    if isinstance(target, TaskFactory):
        call_task_factory(m, replace(target, kwargs={**target.kwargs, "outlets": outlets}), Arguments([], {}, node))
        return
    known = operator_class(MAIN)
    operator = Operator(MAIN, ("templates_dict", "op_args", "op_kwargs"), known.parameters if known else None)
    parameters = function.node.args
    free = parameters.args[: len(parameters.args) - len(parameters.defaults)]
    free += [each for each in parameters.kwonlyargs if each.arg not in function.keyword_defaults]
    inlets: list[Value] = [
        Object(f"{HOME}.AssetNameRef", (), {"name": each.arg}) for each in free if each.arg not in FILLED
    ]
    kwargs: dict[str, Value] = {
        "task_id": function.name,
        "python_callable": function,
        "inlets": inlets,
        "outlets": outlets,
        "definition_name": name,
    }
    task = Task("", operator, {}, m.made_at(node))
    finish(m, task, Arguments([], kwargs, node))
