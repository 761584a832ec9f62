"""`with setup >> teardown:`: edges between the tasks inside and those around them.

Source: `BaseSetupTeardownContext` in `definitions/_internal/setup_teardown.py`, kept close to it, quirks included.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from transpilers.airflow.static.graph.edges import set_relatives
from transpilers.airflow.static.graph.nodes import Task, XCom
from transpilers.airflow.static.machine import Machine
from transpilers.airflow.static.values import Object, Raised, Value

Side = list[Task]
#: What `as` binds.
CONTEXT = "airflow.sdk.SetupTeardownContext"


@dataclass
class Scopes:
    """The open contexts: of setups and teardowns, the innermost last, and the tasks made inside each."""

    active: bool = False
    setup: Side = field(default_factory=list[Task])
    teardown: Side = field(default_factory=list[Task])
    teardown_below: Side = field(default_factory=list[Task])
    setup_above: Side = field(default_factory=list[Task])
    outer: dict[str, list[Side]] = field(default_factory=dict[str, "list[Side]"])
    inside: dict[tuple[int, ...], Side] = field(default_factory=dict[tuple[int, ...], "Side"])

    def push(self, name: str, tasks: Side) -> None:
        """Make `tasks` the innermost of one sort."""
        before: Side = getattr(self, name)
        if before and before != tasks:
            self.outer.setdefault(name, []).append(before)
        setattr(self, name, tasks)

    def pop(self, name: str) -> tuple[Side, Side]:
        """The innermost of one sort, and what is innermost then."""
        before: Side = getattr(self, name)
        stack = self.outer.get(name, [])
        after = stack.pop() if stack else []
        setattr(self, name, after)
        return before, after


def _scopes(m: Machine) -> Scopes:
    found = m.setups.get("scopes")
    if not isinstance(found, Scopes):
        found = m.setups["scopes"] = Scopes()
    return found


def enter_setups(m: Machine, value: Value, node: ast.AST) -> Value:
    """Enter a setup, a teardown, or a list of them."""
    items = value if isinstance(value, list) else [value]
    tasks = [item.task if isinstance(item, XCom) else item for item in items]
    side = [task for task in tasks if isinstance(task, Task) and (task.is_setup or task.is_teardown)]
    if len(side) != len(tasks) or not side:
        raise Raised("RuntimeError", "Only setup/teardown tasks can be used as context managers.")
    scopes = _scopes(m)
    if m.journals:
        m.doubt("a context of setups inside what is not known", node, m.dag)
    if side[0].is_teardown:
        scopes.push("teardown", side)
        scopes.push("setup_above", _relatives(side[0], side, upstream=True))
    else:
        scopes.push("setup", side)
        scopes.push("teardown_below", _relatives(side[0], side, upstream=False))
    scopes.active = True
    return Object(CONTEXT)


def _relatives(task: Task, around: Side, *, upstream: bool) -> Side:
    """Teardowns after a setup, or setups before a teardown, the nearest."""
    frontier = _next(task, upstream=upstream)
    for _ in range(50):
        found = [each for each in frontier if (each.is_setup if upstream else each.is_teardown)]
        if found or not frontier:
            return found
        both = [other for each in frontier for other in (*_next(each, upstream=False), *_next(each, upstream=True))]
        frontier = [each for each in both if each is not task or each in around[1:]]
    return []


def _next(task: Task, *, upstream: bool) -> Side:
    dag = task.dag
    return [dag.tasks[name] for name in (task.upstream if upstream else task.downstream)] if dag is not None else []


def in_setups(m: Machine, task: Task) -> None:
    """Note a task that is made inside a context, or added to it."""
    scopes = _scopes(m)
    if not scopes.active or task.is_setup or task.is_teardown:
        return
    for side in (scopes.setup, scopes.teardown):
        if side:
            scopes.inside.setdefault(tuple(map(id, side)), []).append(task)


def add_to_context(m: Machine, value: Value) -> None:
    """`scope.add_task(task)`."""
    task = value.task if isinstance(value, XCom) else value
    if isinstance(task, Task):
        in_setups(m, task)


def leave_setups(m: Machine, node: ast.AST) -> None:
    """`set_work_task_roots_and_leaves`."""
    scopes = _scopes(m)
    if scopes.setup:
        _around(m, scopes, scopes.setup, node, setup=True)
    if scopes.teardown:
        _around(m, scopes, scopes.teardown, node, setup=False)
    setup, outer = scopes.pop("setup")
    _order(m, setup, outer, node, upstream=False)
    teardown, outer = scopes.pop("teardown")
    _order(m, teardown, outer, node, upstream=True)
    below, outer = scopes.pop("teardown_below")
    _order(m, below, outer, node, upstream=True)
    above, outer = scopes.pop("setup_above")
    _order(m, above, outer, node, upstream=False)
    scopes.inside.pop(tuple(map(id, setup)), None)
    scopes.inside.pop(tuple(map(id, teardown)), None)
    scopes.active = False


def _around(m: Machine, scopes: Scopes, side: Side, node: ast.AST, *, setup: bool) -> None:
    inside = [
        task for task in scopes.inside.get(tuple(map(id, side)), []) if not task.is_teardown and not task.is_setup
    ]
    if not inside:
        return
    first = [task for task in inside if not task.upstream]
    last = [task for task in inside if not task.downstream]
    if setup:
        _depend(m, first or inside[:1], side, node, upstream=False)
        last = [task for task in inside if not task.downstream]
        if scopes.teardown:
            _depend(m, scopes.teardown, scopes.teardown_below, node, upstream=True)
        else:
            _depend(m, last or inside[-1:], scopes.teardown_below, node, upstream=True)
        return
    _depend(m, last or inside[-1:], side, node, upstream=True)
    first = [task for task in inside if not task.upstream]
    if scopes.setup:
        _depend(m, scopes.setup, scopes.setup_above, node, upstream=False)
    else:
        _depend(m, first or inside[:1], scopes.setup_above, node, upstream=False)


def _order(m: Machine, old: Side, new: Side, node: ast.AST, *, upstream: bool) -> None:
    if old and new:
        _depend(m, old, new, node, upstream=upstream)


def _depend(m: Machine, receiving: Side, new: Side, node: ast.AST, *, upstream: bool) -> None:
    """Each of `new` after (`upstream`) or before `receiving`."""
    for task in new:
        set_relatives(m, task, list(receiving), node, upstream=upstream)
