"""Calling a value."""

from __future__ import annotations

from transpilers.airflow.static.classes import find, instantiate
from transpilers.airflow.static.containers import described
from transpilers.airflow.static.functions import invoke
from transpilers.airflow.static.graph.dags import call_dag_factory
from transpilers.airflow.static.graph.decorators import decorate
from transpilers.airflow.static.graph.groups import call_group_factory
from transpilers.airflow.static.graph.methods import node_method
from transpilers.airflow.static.graph.nodes import (
    DagFactory,
    Decorator,
    GroupFactory,
    Operator,
    OperatorPartial,
    Task,
    TaskFactory,
)
from transpilers.airflow.static.graph.operators import construct, initialise, with_default_args
from transpilers.airflow.static.graph.taskflow import call_task_factory
from transpilers.airflow.static.library.calls import call_library
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.methods import call_method
from transpilers.airflow.static.opaque import opaque
from transpilers.airflow.static.values import (
    NO_ROOM,
    SCALARS,
    Bound,
    Class,
    Either,
    Function,
    Instance,
    Member,
    Method,
    Native,
    Object,
    Partial,
    Property,
    Raised,
    Ref,
    Super,
    Unknown,
    Value,
)


def call(m: Machine, function: Value, arguments: Arguments) -> Value:
    """`function(...)`."""
    m.step()
    match function:
        case Function():
            return invoke(m, function, arguments)
        case Bound(function=inner, receiver=Task() as task) if inner.name == "__init__" and not task.ready:
            return invoke(m, inner, with_default_args(m, inner, arguments), receiver=(task,))
        case Bound(function=inner, receiver=receiver):
            return invoke(m, inner, arguments, receiver=(receiver,))
        case Class():
            return instantiate(m, function, arguments)
        case Operator():
            return construct(m, function, arguments)
        case TaskFactory():
            return call_task_factory(m, function, arguments)
        case DagFactory():
            return call_dag_factory(m, function, arguments)
        case GroupFactory():
            return call_group_factory(m, function, arguments)
        case Decorator():
            return decorate(m, function, arguments)
        case Native():
            return function.call(arguments.args, arguments.kwargs, arguments.node)
        case Partial():
            more = Arguments(
                [*function.args, *arguments.args],
                {**function.kwargs, **arguments.kwargs},
                arguments.node,
                arguments.rest,
            )
            return call(m, function.function, more)
        case Method() | Member():
            return _method(m, function, arguments)
        case Property(function=inner, sort="static"):
            return call(m, inner, arguments)
        case Ref():
            return call_library(m, function, arguments)
        case Either(options=options):
            # Calling None raises: a file that loads has called the other.
            callables = [option for option in options if not isinstance(option, SCALARS)]
            if len(callables) == 1:
                return call(m, callables[0], arguments)
            return opaque(m, function.reason, arguments, suspect=True)
        case Unknown():
            return opaque(m, function.reason, arguments, suspect=True)
        case Instance():
            method, known = find(function.cls, "__call__")
            if isinstance(method, Function):
                return invoke(m, method, arguments, receiver=(function,))
            if not known:
                return opaque(m, described(function), arguments, suspect=True)
        case OperatorPartial() | Object():
            return opaque(m, described(function), arguments, suspect=True)
        case _:
            pass
    raise Raised("TypeError", f"{described(function)} is not callable")


def _method(m: Machine, method: Method | Member, arguments: Arguments) -> Value:
    receiver = method.receiver
    if isinstance(receiver, Super) and method.name == "__init__":
        return initialise(m, receiver, arguments)
    found = node_method(m, receiver, method.name, arguments)
    return call_method(m, receiver, method.name, arguments) if found is NO_ROOM else found
