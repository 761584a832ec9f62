"""`with`: DAGs, task groups, setups and teardowns are entered; other contexts are looked through."""

from __future__ import annotations

import ast
from collections.abc import Callable

from transpilers.airflow.static.graph.nodes import Dag, Group, Task, XCom
from transpilers.airflow.static.graph.scopes import enter_setups, leave_setups
from transpilers.airflow.static.iterators import fresh, lose, outside
from transpilers.airflow.static.library.files import OpenFile
from transpilers.airflow.static.library.packages import makes_nothing
from transpilers.airflow.static.machine import Machine, Outcome
from transpilers.airflow.static.targets import assign
from transpilers.airflow.static.values import Context, Generator, Instance, Object, Raised, Ref, Scope, Unknown, Value

Leaving = Callable[[], object]


def execute_with(m: Machine, node: ast.With, scope: Scope) -> Outcome:
    """A whole `with` statement."""
    return _within(m, node, list(node.items), scope)


def _within(m: Machine, node: ast.With, items: list[ast.withitem], scope: Scope) -> Outcome:
    if not items:
        return m.block(node.body, scope)
    first, *rest = items
    expression = first.context_expr
    m.executed[id(expression)] = ast.copy_location(ast.Expr(expression), expression)
    value = m.evaluate(expression, scope)

    def inside(bound: Value) -> Outcome:
        if first.optional_vars is not None:
            assign(m, first.optional_vars, bound, scope)
        return _within(m, node, rest, scope)

    if isinstance(value, Context):
        return _around(m, value.generator, inside, expression)
    bound, leave = enter(m, value, expression)
    try:
        return inside(bound)
    finally:
        leave()


def _around(m: Machine, generator: Generator, inside: Callable[[Value], Outcome], node: ast.AST) -> Outcome:
    """What stands in the `with` is done at the `yield` of a function with `contextlib.contextmanager`."""
    if not fresh(m, generator):
        lose(m, generator, m.unknown(generator.name, node), node)
        m.doubt(f"the context of {generator.name}", node, m.dag)
        return None
    generator.started = True
    outcomes: list[Outcome] = []
    times = 0
    open_now, where = len(m.journals), m.current

    def turn(item: Value) -> None:
        nonlocal times
        times += 1
        if len(m.journals) != open_now or times > 1:
            m.doubt(f"how often {generator.name} yields", node)
        with outside(m, where):
            outcomes.append(inside(item))

    generator.run(turn)
    if not times:
        raise Raised("RuntimeError", "generator didn't yield")
    # What raises inside may be caught around the `yield`.
    return outcomes[0] if outcomes else None


def enter(m: Machine, value: Value, node: ast.AST) -> tuple[Value, Leaving]:
    """What `as` binds, and what to do at the end."""
    match value:
        case Dag():
            return value, enter_dag(m, value)
        case Group():
            return value, enter_group(m, value, node)
        case Task() | XCom() | list():
            context = enter_setups(m, value, node)
            return context, lambda: leave_setups(m, node)
        case Instance():
            entered = m.apply(m.attribute(value, "__enter__", node), [], node)
            return entered, lambda: m.apply(m.attribute(value, "__exit__", node), [None, None, None], node)
        case Object(class_name=OpenFile.NAME):
            return value, _nothing
        case Unknown():
            if (m.dag is not None or value.carries) and not value.harmless:
                m.doubt(f"the context of {value.reason}", node, m.dag)
            return m.unknown(value.reason, node, harmless=value.harmless), _nothing
        case Ref() | Object() if not makes_nothing(name := _name(value)) or name.startswith("airflow."):
            if m.dag is not None:
                m.doubt(f"the context of {name}", node, m.dag)
            return m.unknown(f"the context of {name}", node), _nothing
        case _:
            return m.unknown("what a context gives", node, harmless=True), _nothing


def enter_dag(m: Machine, dag: Dag) -> Leaving:
    """Push a DAG; at the end Airflow registers it."""
    m.dag_stack.append(dag)

    def leave() -> None:
        m.dag_stack.pop()
        m.touch(dag)
        dag.entered = True

    return leave


def enter_group(m: Machine, group: Group, node: ast.AST) -> Leaving:
    """Push a group; at the end of a mapped one, what it is expanded over comes before it."""
    from transpilers.airflow.static.graph.edges import references, set_upstream

    m.group_stack.append(group)

    def leave() -> None:
        if group.mapped is not None:
            for xcom in references(group.mapped.value):
                set_upstream(m, group, xcom.task, node)
        m.group_stack.pop()

    return leave


def _name(value: Ref | Object) -> str:
    return value.name if isinstance(value, Ref) else value.class_name


def _nothing() -> None:
    return None
