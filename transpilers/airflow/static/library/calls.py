"""Calls of names of libraries."""

from __future__ import annotations

from transpilers.airflow.classes import canonical
from transpilers.airflow.static.graph.asset_dags import asset_decorator
from transpilers.airflow.static.graph.dags import make_dag
from transpilers.airflow.static.graph.edges import chain, chain_linear, cross
from transpilers.airflow.static.graph.groups import make_group
from transpilers.airflow.static.graph.nodes import Label, Operator, Task, XCom
from transpilers.airflow.static.graph.operators import construct
from transpilers.airflow.static.library.builtin import call_builtin
from transpilers.airflow.static.library.files import call_files
from transpilers.airflow.static.library.packages import makes_nothing
from transpilers.airflow.static.library.standard import call_standard
from transpilers.airflow.static.library.times import call_times
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.makers import makes
from transpilers.airflow.static.opaque import holds_nodes, opaque
from transpilers.airflow.static.values import NO_ROOM, Object, Ref, Value

PARAM = "airflow.sdk.definitions.param.Param"
TASKS = ("Operator", "Sensor", "OperatorAsync", "SensorAsync")


def call_library(m: Machine, function: Ref, arguments: Arguments) -> Value:
    """The value of a call, unknown where the library is not."""
    name = function.name
    top = name.partition(".")[0]
    if top == "builtins":
        return call_builtin(m, name.partition(".")[2], arguments)
    for room in (call_times, call_files, call_standard):
        found = room(m, name, arguments)
        if found is not NO_ROOM:
            return found
    found = _airflow(m, function, arguments)
    if found is not NO_ROOM:
        return found
    return _unknown(m, function, top, arguments)


def _airflow(m: Machine, function: Ref, arguments: Arguments) -> Value:
    args, kwargs, node = arguments.args, arguments.kwargs, arguments.node
    match function.name:
        case "airflow.sdk.DAG":
            return make_dag(m, arguments)
        case "airflow.sdk.TaskGroup":
            return make_group(m, arguments)
        case "airflow.sdk.Label":
            return Label(args[0] if args else kwargs.get("label"))
        case "airflow.sdk.chain":
            return chain(m, args, node, arguments.rest)
        case "airflow.sdk.chain_linear":
            return chain_linear(m, args, node, arguments.rest)
        case "airflow.sdk.cross_downstream":
            above = kwargs.get("from_tasks", args[0] if args else None)
            below = kwargs.get("to_tasks", args[-1] if args else None)
            return cross(m, above, below, node)
        case "airflow.sdk.XComArg":
            task = kwargs.get("operator", args[0] if args else None)
            key = kwargs.get("key", args[1] if len(args) > 1 else "return_value")
            if isinstance(task, Task) and isinstance(key, str):
                return XCom(task, key)
        case "airflow.sdk.Variable.get":
            key = args[0] if args else kwargs.get("key")
            return m.unknown(f"Variable {key!r}" if isinstance(key, str) else "a Variable", node, harmless=True)
        case "airflow.sdk.asset" | "airflow.sdk.definitions.asset.decorators.asset":
            return asset_decorator(m, arguments, several=False)
        case "airflow.sdk.asset.multi" | "airflow.sdk.definitions.asset.decorators.asset.multi":
            return asset_decorator(m, arguments, several=True)
        case "airflow.sdk.Param" if arguments.rest is None:
            names = ("default", "description", "source")
            return Object(PARAM, (), {**dict(zip(names, args, strict=False)), **kwargs})
        case "airflow.sdk.TriggerRule" | "airflow.sdk.WeightRule" if len(args) == 1:
            return args[0]
        case "airflow.sdk.literal" if args:
            return args[0]
        case _:
            pass
    return NO_ROOM


def _unknown(m: Machine, function: Ref, top: str, arguments: Arguments) -> Value:
    name, short = function.name, function.short
    looks = short.endswith(TASKS) or (top == "airflow" and short[:1].isupper())
    if looks and "task_id" in arguments.kwargs:
        return construct(m, Operator(canonical(name)), arguments)
    if looks and short.endswith(TASKS) and (m.dag is not None or "dag" in arguments.kwargs):
        return construct(m, Operator(canonical(name)), arguments)
    known = makes_nothing(name)
    given = [*arguments.args, *arguments.kwargs.values()]
    if not name.startswith("airflow.") and any(makes(value) for value in given):
        m.doubt(f"whether {name}() calls it", arguments.node)
    if known and (short[:1].isupper() or short == "field" or short.endswith(("Error", "Exception"))):
        return Object(name, tuple(arguments.args), dict(arguments.kwargs))
    if not known and (short in ("DAG", "DbtDag") or short.endswith("TaskGroup")):
        m.doubt(f"what {name}() makes", arguments.node, m.dag)
    if top == "airflow" and any(holds_nodes(value) for value in given):
        m.doubt(f"what {name}() does with it", arguments.node, m.dag)
    return opaque(m, name, arguments, suspect=not known, reads=known and not _changes(name))


def _changes(name: str) -> bool:
    """Functions that change what they are given."""
    return name.startswith(("random.shuffle", "heapq.", "bisect.insort", "operator.setitem", "operator.delitem"))
