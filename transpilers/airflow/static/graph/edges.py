"""Edges as Airflow makes them: `>>`, `set_upstream`, chains, labels, groups by their roots and leaves of the moment.

Sources: `DAGNode._set_relatives`, `TaskGroup._set_relatives`, `EdgeModifier`, `chain` in the task SDK.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from transpilers.airflow.static.graph.nodes import (
    Dag,
    Group,
    Label,
    MappedArgument,
    Task,
    XCom,
    XComConcatenated,
    XComMapped,
    XComZipped,
)
from transpilers.airflow.static.graph.registry import add_task
from transpilers.airflow.static.machine import Machine
from transpilers.airflow.static.values import Either, Instance, Object, Raised, Ref, Unknown, Value

End = Task | Group | Label | XCom | XComMapped | XComZipped | XComConcatenated
ENDS = (Task, Group, Label, XCom, XComMapped, XComZipped, XComConcatenated)


def is_node(value: Value) -> bool:
    """Whether `>>` on it makes edges."""
    return isinstance(value, ENDS)


def connect(m: Machine, left: Value, right: Value, node: ast.AST, *, upstream: bool) -> Value:
    """`left >> right`, or `left << right` with `upstream`."""
    if is_node(left):
        set_relatives(m, left, right, node, upstream=upstream)
    else:
        set_relatives(m, right, left, node, upstream=not upstream)
        return right
    return right


def set_upstream(m: Machine, owner: Value, others: Value, node: ast.AST) -> None:
    """`owner.set_upstream(others)`."""
    set_relatives(m, owner, others, node, upstream=True)


def set_relatives(
    m: Machine, owner: Value, others: Value, node: ast.AST, *, upstream: bool, label: Label | None = None
) -> None:
    """Edges between one end and one or several others."""
    if isinstance(others, Either):
        ends = [option for option in others.options if is_node(option) or isinstance(option, (list, tuple))]
        others = ends[0] if len(ends) == 1 else others
    several = others if isinstance(others, (list, tuple)) else (others,)
    why = others if isinstance(others, Unknown) else m.blurred(others)
    why = why or next((each for each in several if isinstance(each, Unknown)), None)
    if why is not None:
        m.doubt(f"an edge to or from {why.reason}", node, _dag_of(owner))
        return
    for each in several:
        if isinstance(each, Ref | Object | Instance):
            m.doubt("an edge to or from an object of a library", node, _dag_of(owner))
            return
        if not is_node(each):
            raise Raised("AttributeError", "only tasks, groups and outputs have edges")
    match owner:
        case Label():
            _label(m, owner, list(several), node, upstream)
        case Group():
            _group(m, owner, several, node, upstream, label)
        case Task():
            _task(m, owner, several, node, upstream, label)
        case _:
            for xcom in references(owner):
                set_relatives(m, xcom.task, others, node, upstream=upstream, label=label)


def _dag_of(value: Value) -> Dag | None:
    return value.dag if isinstance(value, (Task, Group)) else value.task.dag if isinstance(value, XCom) else None


def _task(
    m: Machine, owner: Task, others: list[Value] | tuple[Value, ...], node: ast.AST, upstream: bool, label: Label | None
) -> None:
    found: list[Task] = []
    for each in others:
        _update(m, each, owner, node, not upstream, label)
        found += leaves(each) if upstream else roots(each)
    dags = {id(task.dag): task.dag for task in (owner, *found) if task.dag is not None}
    if len(dags) > 1:
        raise Raised("RuntimeError", "Tried to set relationships between tasks in more than one Dag")
    if not dags:
        raise Raised("ValueError", "Tried to create relationships between tasks that don't have Dags yet")
    dag = next(iter(dags.values()))
    for task in (owner, *found):
        if task.dag is None:
            add_task(m, dag, task)
    for task in found:
        first, second = (task, owner) if upstream else (owner, task)
        edge(m, dag, first, second, label)


def edge(m: Machine, dag: Dag, first: Task, second: Task, label: Label | None) -> None:
    """One edge; a label on it replaces an earlier one."""
    m.touch(dag, first, second)
    pair = (first.task_id, second.task_id)
    if label is not None:
        text = label.text
        if isinstance(text, Unknown):
            m.doubt(f"a label that depends on {text.reason}", ast.Pass(), dag)
        dag.edges[pair] = text if isinstance(text, str) else ""
    else:
        dag.edges.setdefault(pair, "")
    first.downstream[second.task_id] = None
    second.upstream[first.task_id] = None


def _group(
    m: Machine,
    owner: Group,
    others: list[Value] | tuple[Value, ...],
    node: ast.AST,
    upstream: bool,
    label: Label | None,
) -> None:
    ends = _find_leaves(m, owner)
    for each in others:
        _update_group(m, owner, each, upstream)
    wanted: list[Value] = list(others)
    for task in group_roots(owner) if upstream else ends:
        set_relatives(m, task, wanted, node, upstream=upstream)
    for each in others:
        if isinstance(each, Label):
            _update(m, each, owner, node, not upstream, label)


def _update_group(m: Machine, owner: Group, other: Value, upstream: bool) -> None:
    """An empty group remembers the tasks before it, and stands for them."""
    if upstream and not isinstance(other, (Group, Label)):
        m.touch(owner)
        owner.upstream.update({task.task_id: None for task in roots(other)})


def _find_leaves(m: Machine, group: Group | None) -> list[Task]:
    while group is not None:
        found = group_leaves(group)
        if found:
            return found
        if group.upstream and group.dag is not None:
            return [group.dag.tasks[task] for task in group.upstream if task in group.dag.tasks]
        group = group.parent
    return []


def _update(m: Machine, other: Value, owner: Value, node: ast.AST, upstream: bool, label: Label | None) -> None:
    """What an end does when it is not the one that was asked: a label passes the edge on."""
    if isinstance(other, Label):
        _label(m, other, [owner], node, upstream)
    elif isinstance(other, Group) and upstream and isinstance(owner, Task):
        m.touch(other)
        other.upstream[owner.task_id] = None


def _label(m: Machine, label: Label, nodes: list[Value], node: ast.AST, upstream: bool) -> None:
    m.touch(label)
    (label.upstream if upstream else label.downstream).extend(nodes)
    if label.upstream and label.downstream:
        _to_groups(label)
    for each in label.downstream if upstream else label.upstream:
        set_relatives(m, each, nodes, node, upstream=upstream, label=label)


def _to_groups(label: Label) -> None:
    """A label between different groups is between the groups, not their tasks (`_convert_streams_to_task_groups`)."""
    groups: set[str] = set()
    for each in (*label.upstream, *label.downstream):
        task = each.task if isinstance(each, XCom) else each
        if isinstance(task, Task):
            groups.add((task.group.group_id if task.group is not None else None) or "root")
        elif isinstance(task, Group):
            groups.add(task.group_id or "root")
    if len(groups) != 1:
        label.upstream = [_group_of(each) for each in label.upstream]
        label.downstream = [_group_of(each) for each in label.downstream]


def _group_of(value: Value) -> Value:
    if isinstance(value, Task) and value.group is not None and value.group.name:
        return value.group
    if isinstance(value, Group) and value.parent is not None and value.parent.name:
        return value.parent
    return value


def roots(value: Value) -> list[Task]:
    """The tasks that an edge into a value leads to."""
    match value:
        case Task():
            return [value]
        case Group():
            return group_roots(value)
        case Label():
            return [task for each in value.downstream for task in roots(each)]
        case _:
            return [xcom.task for xcom in references(value)]


def leaves(value: Value) -> list[Task]:
    """The tasks that an edge out of a value comes from."""
    match value:
        case Task():
            return [value]
        case Group():
            return group_leaves(value)
        case Label():
            return [task for each in value.upstream for task in leaves(each)]
        case _:
            return [xcom.task for xcom in references(value)]


def tasks_of(group: Group) -> list[Task]:
    """All tasks in a group, in order."""
    found: list[Task] = []
    for child in group.children.values():
        found += tasks_of(child) if isinstance(child, Group) else [child]
    return found


def group_roots(group: Group) -> list[Task]:
    """Tasks without one of the group before them."""
    inside = tasks_of(group)
    ids = {task.task_id for task in inside}
    return [task for task in inside if ids.isdisjoint(task.upstream)]


def group_leaves(group: Group) -> list[Task]:
    """Tasks without one of the group after them; teardowns are looked past (`TaskGroup.get_leaves`)."""
    inside = {task.task_id: task for task in tasks_of(group)}
    found: list[Task] = []
    for task in inside.values():
        if inside.keys().isdisjoint(task.downstream):
            found += _before_teardowns(task, inside, 0) if task.is_teardown else [task]
    return found


def _before_teardowns(task: Task, inside: dict[str, Task], depth: int) -> Iterator[Task]:
    for name in task.upstream:
        above = inside.get(name)
        if above is None or depth > 200:
            continue
        if above.is_teardown:
            yield from _before_teardowns(above, inside, depth + 1)
        elif task.is_teardown and above.is_setup:
            continue
        elif not any(
            other != task.task_id and other in inside and not inside[other].is_teardown for other in above.downstream
        ):
            yield above


def references(value: Value, depth: int = 8) -> list[XCom]:
    """Outputs of tasks in a value, at any depth of its containers (`XComArg.iter_xcom_references`)."""
    if depth == 0:
        return []
    match value:
        case XCom():
            return [value]
        case XComMapped():
            return references(value.source, depth - 1)
        case XComZipped(sources=inside) | XComConcatenated(sources=inside):
            return [found for each in inside for found in references(each, depth - 1)]
        case MappedArgument():
            return references(value.mapping.value, depth - 1)
        case list() | tuple() | set():
            return [found for each in value for found in references(each, depth - 1)]
        case dict():
            return [found for each in value.values() for found in references(each, depth - 1)]
        case Task():
            fields = value.operator.fields or ()
            return [found for name in fields for found in references(value.kwargs.get(name), depth - 1)]
        case _:
            return []


def chain(m: Machine, ends: list[Value], node: ast.AST, rest: Unknown | None) -> None:
    """`chain(...)`: two lists are joined pair by pair."""
    if rest is not None:
        m.doubt(f"a chain of {rest.reason}", node, m.dag)
        return
    for first, second in itertools.pairwise(ends):
        why = next((each for each in (first, second) if isinstance(each, Unknown)), None)
        why = why or m.blurred(first) or m.blurred(second)
        if why is not None:
            m.doubt(f"an edge to or from {why.reason}", node, m.dag)
        elif is_node(first):
            set_relatives(m, first, second, node, upstream=False)
        elif is_node(second):
            set_relatives(m, second, first, node, upstream=True)
        elif isinstance(first, (list, tuple)) and isinstance(second, (list, tuple)):
            if len(first) != len(second):
                raise Raised("ValueError", "Chain not supported for different length Iterable")
            for one, two in zip(first, second, strict=True):
                set_relatives(m, one, two, node, upstream=False)
        else:
            raise Raised("TypeError", "Chain not supported between such values")


def chain_linear(m: Machine, ends: list[Value], node: ast.AST, rest: Unknown | None) -> None:
    """`chain_linear(...)`: each of a list before each of the next."""
    if rest is not None:
        m.doubt(f"a chain of {rest.reason}", node, m.dag)
        return
    for first, second in itertools.pairwise(ends):
        for each in first if isinstance(first, (list, tuple)) else (first,):
            set_relatives(m, each, second, node, upstream=False)


def cross(m: Machine, above: Value, below: Value, node: ast.AST) -> None:
    """`cross_downstream(...)`."""
    why = above if isinstance(above, Unknown) else m.blurred(above)
    if why is not None:
        m.doubt(f"an edge from {why.reason}", node, m.dag)
        return
    for each in above if isinstance(above, (list, tuple)) else (above,):
        set_relatives(m, each, below, node, upstream=False)
