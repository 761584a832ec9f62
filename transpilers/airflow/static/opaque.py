"""Calls of what nobody knows: they may do anything with what they are given, and make anything in an open DAG."""

from __future__ import annotations

import ast

from transpilers.airflow.static.graph.nodes import (
    Dag,
    Group,
    GroupFactory,
    Label,
    Task,
    TaskFactory,
    XCom,
    XComConcatenated,
    XComMapped,
    XComZipped,
)
from transpilers.airflow.static.iterators import lose
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.makers import makes
from transpilers.airflow.static.values import (
    Bound,
    Function,
    Globals,
    Instance,
    Lazy,
    Native,
    Partial,
    Unknown,
    Value,
    View,
)


def opaque(m: Machine, what: str, arguments: Arguments, *, suspect: bool = False, reads: bool = False) -> Unknown:
    """The unknown result of such a call. `suspect`: it may make tasks; `reads`: it changes nothing it is given."""
    given = [*arguments.args, *arguments.kwargs.values()]
    node = arguments.node
    for value in given:
        _look(m, value, what, node, reads, 4)
    if suspect and m.dag is not None:
        m.doubt(f"what {what}() makes", node, m.dag)
    elif suspect and {"dag", "dag_id", "task_id"} & set(arguments.kwargs):
        m.doubt(f"what {what}() makes", node)
    carries = any(carries_outputs(value) for value in given)
    reason = what if what.endswith(")") else f"{what}()"
    return m.unknown(reason, node, carries=carries, harmless=reads and not suspect)


def _look(m: Machine, value: Value, what: str, node: ast.AST, reads: bool, depth: int) -> None:
    match value:
        case Dag() | Group() | Task() | TaskFactory() | GroupFactory() | Label() if not reads:
            dag = value if isinstance(value, Dag) else value.dag if isinstance(value, (Task, Group)) else None
            m.doubt(f"what {what}() does with it", node, dag)
        case Function() | Bound() | Native() | Partial():
            if makes(value):
                m.doubt(f"whether {what}() calls it", node)
        case View(source=source):
            _look(m, list(source.values()), what, node, reads, depth)
        case Lazy():
            lose(m, value, m.unknown(f"what {what}() does with it", node), node)
        case Globals() if not reads:
            m.doubt(f"what {what}() does with the names of the file", node)
        case list() | tuple() | dict() | set() | frozenset():
            items = list(value.values()) if isinstance(value, dict) else list(value)
            if isinstance(value, (list, dict, set)) and not reads:
                m.blur(value, m.unknown(f"what {what}() does with it", node))
            if depth and len(items) <= 1000:
                for item in items:
                    _look(m, item, what, node, reads, depth - 1)
        case Instance() if not reads and depth:
            for name, item in list(value.attributes.items()):
                _look(m, item, what, node, reads, depth - 1)
                m.touch(value)
                if not isinstance(item, (Function, Bound, Task, Dag, Group)):
                    value.attributes[name] = m.unknown(f"what {what}() does with it", node)
        case _:
            pass


def holds_nodes(value: Value, depth: int = 4) -> bool:
    """Whether a DAG, a task, a group or an output is in a value."""
    match value:
        case Dag() | Group() | Task() | XCom() | XComMapped() | XComZipped() | XComConcatenated():
            return True
        case list() | tuple() | set() | frozenset():
            return depth > 0 and any(holds_nodes(item, depth - 1) for item in value)
        case View(source=source):
            return holds_nodes(source, depth)
        case dict():
            return depth > 0 and any(holds_nodes(item, depth - 1) for item in value.values())
        case _:
            return False


def carries_outputs(value: Value, depth: int = 4) -> bool:
    """Whether outputs of tasks are in a value."""
    match value:
        case XCom() | XComMapped() | XComZipped() | XComConcatenated():
            return True
        case Unknown():
            return value.carries
        case list() | tuple() | set() | frozenset():
            return depth > 0 and any(carries_outputs(item, depth - 1) for item in value)
        case View(source=source):
            return carries_outputs(source, depth)
        case dict():
            return depth > 0 and any(carries_outputs(item, depth - 1) for item in value.values())
        case Instance():
            return depth > 0 and any(carries_outputs(item, depth - 1) for item in value.attributes.values())
        case _:
            return False
