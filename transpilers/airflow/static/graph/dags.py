"""DAGs: the class and the decorator."""

from __future__ import annotations

import ast

from transpilers.airflow.static.functions import bind_arguments
from transpilers.airflow.static.graph.nodes import Dag, DagFactory, DagParam
from transpilers.airflow.static.graph.registry import check_key
from transpilers.airflow.static.machine import Arguments, Machine, Return
from transpilers.airflow.static.values import Raised, Unknown, Value

#: What Airflow 2 takes by position after the id.
POSITIONAL = ("dag_id", "description", "schedule", "start_date", "end_date")


def make_dag(m: Machine, arguments: Arguments) -> Value:
    """`DAG(...)`."""
    kwargs = dict(arguments.kwargs)
    for name, value in zip(POSITIONAL, arguments.args, strict=False):
        kwargs[name] = value
    if len(arguments.args) > len(POSITIONAL):
        m.doubt("positional arguments of a DAG", arguments.node)
    name = kwargs.pop("dag_id", None)
    why = name if isinstance(name, Unknown) else arguments.rest if name is None else None
    if why is not None:
        m.doubt(f"the id of a DAG depends on {why.reason}", arguments.node)
        name = f"unknown_{len(m.dags)}"
    if not isinstance(name, str):
        raise Raised("TypeError", "The key has to be a string")
    check_key(name)
    if arguments.rest is not None:
        kwargs["**"] = arguments.rest
    defaults = kwargs.pop("default_args", None)
    why = defaults if isinstance(defaults, Unknown) else m.blurred(defaults)
    if isinstance(defaults, dict) and why is None:
        defaults = dict(defaults)
    m.touch(m.dags)
    dag = Dag(name, kwargs, defaults, m.made_at(arguments.node))
    m.dags.append(dag)
    return dag


def call_dag_factory(m: Machine, factory: DagFactory, arguments: Arguments) -> Value:
    """Calling a function that is decorated with `@dag`: its parameters become params of the DAG."""
    function = factory.function
    scope = bind_arguments(m, function, arguments)
    kwargs = dict(factory.kwargs)
    kwargs.setdefault("dag_id", function.name)
    dag = make_dag(m, Arguments([], kwargs, arguments.node))
    if not isinstance(dag, Dag) or isinstance(function.node, ast.Lambda):
        return dag
    doc = ast.get_docstring(function.node, clean=False)
    if doc and not dag.kwargs.get("doc_md"):
        dag.kwargs["doc_md"] = doc
    params = {name: value for name, value in scope.names.items() if isinstance(name, str)}
    for name, value in params.items():
        scope.names[name] = DagParam(name, value)
    if params:
        known = dag.kwargs.get("params")
        before = dict(known) if isinstance(known, dict) else {}
        dag.kwargs["params"] = {**before, **dict(params.items())}
    m.dag_stack.append(dag)
    try:
        with m.inside(function.scope.module, arguments.node):
            m.functions.append(function)
            m.receivers.append(None)
            try:
                outcome = m.block(function.node.body, scope, Return(None))
            finally:
                m.functions.pop()
                m.receivers.pop()
        from transpilers.airflow.static.graph.nodes import XCom

        if isinstance(outcome, Return) and isinstance(outcome.value, XCom) and outcome.value.key == "return_value":
            m.touch(outcome.value.task)
            outcome.value.task.kwargs["returns_dag_result"] = True
    finally:
        m.dag_stack.pop()
    m.touch(dag)
    dag.entered = True
    return dag
