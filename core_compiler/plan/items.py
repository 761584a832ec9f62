"""Mapped tasks in a plan: those that share their items become one step, which runs a plan of theirs for each item.

    a -> t[...] -> b      becomes      Series(a, Each(t), b)

Tasks of one mapped group are one step where nothing outside has to run between them. Otherwise each of them is a step
of its own, over the same items: later than need be, and right. Where only a run can tell how many items there are, a
task with a rule of `WHOLE` is decided over all items of what comes before it, and begins a step.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from core_compiler.graph import CycleError, levels, topological_order
from core_compiler.ir import Edge, Task, TriggerRule, Workflow
from core_compiler.ir.indices import ends_of, indexed, numbered
from core_compiler.plan.durations import Durations
from core_compiler.plan.evaluate import OVERHEAD, makespan
from core_compiler.plan.layers import layers, leaves
from core_compiler.plan.nodes import Await, Each, Node, Parallel, Run, Series

#: Rules by which Airflow looks at all items of what is before a task of a mapped group, before the task has its own
#: (`_get_relevant_upstream_map_indexes` in `ti_deps/deps/trigger_rule_dep.py`).
WHOLE = frozenset(
    {
        TriggerRule.ONE_SUCCESS,
        TriggerRule.ONE_FAILED,
        TriggerRule.ONE_DONE,
        TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS,
    }
)


def with_items(workflow: Workflow, structured: Callable[[Workflow, Durations], Series], durations: Durations) -> Series:
    """The plan that `structured` makes of the workflow, in which tasks that share items are one; then those opened."""
    if all(task.mapping is None for task in workflow.tasks):
        return structured(workflow, durations)
    members = _members(workflow)
    opened = {name: _each(tasks, workflow, durations) for name, tasks in members.items()}
    # The start state is the plan's, and each step is counted as a state.
    whole = {name: makespan(each, durations.seconds) - 2 * OVERHEAD for name, each in opened.items()}
    folded = msgspec.structs.replace(durations, seconds={**durations.seconds, **whole})
    plan = _opened(structured(_folded(workflow, members), folded), workflow, members, opened)
    assert isinstance(plan, Series)
    return plan


def _members(workflow: Workflow) -> dict[str, tuple[Task, ...]]:
    """The tasks that are run by one step, in order, by the first one's id."""
    groups: dict[tuple[str, int], list[Task]] = {}
    stages = _stages(workflow)
    for task in workflow.tasks:
        if task.mapping is not None and task.mapping.group:
            groups.setdefault((task.mapping.group, stages[task.id]), []).append(task)
    members: dict[str, tuple[Task, ...]] = {}
    for tasks in groups.values():
        whole = {**members, tasks[0].id: tuple(tasks)}
        if _is_acyclic(_folded(workflow, whole)):
            members = whole
    inside = {task.id for tasks in members.values() for task in tasks}
    alone = {task.id: (task,) for task in workflow.tasks if task.mapping is not None and task.id not in inside}
    return members | alone


def _stages(workflow: Workflow) -> dict[str, int]:
    """How many steps of its group come before that of each task."""
    tasks = {task.id: task for task in workflow.tasks}
    before = {task.id: [up for up in task.upstream or () if up in _paired(task)] for task in workflow.tasks}
    stages: dict[str, int] = {}
    for name in _in_order(workflow):
        task = tasks[name]
        apart = task.rule in WHOLE and task.mapping is not None and not task.mapping.size()
        stages[name] = max((stages[up] + apart for up in before[name]), default=0)
    return stages


def _paired(task: Task) -> tuple[str, ...]:
    return task.mapping.paired if task.mapping is not None else ()


def _in_order(workflow: Workflow) -> list[str]:
    names = [task.id for task in workflow.tasks]
    return [names[index] for index in topological_order(len(names), indexed(numbered(names), ends_of(workflow.edges)))]


def _folded(workflow: Workflow, members: dict[str, tuple[Task, ...]]) -> Workflow:
    first = {task.id: name for name, tasks in members.items() for task in tasks}
    edges: dict[tuple[str, str], Edge] = {}
    for edge in workflow.edges:
        ends = first.get(edge.upstream, edge.upstream), first.get(edge.downstream, edge.downstream)
        if ends[0] != ends[1]:
            edges.setdefault(ends, msgspec.structs.replace(edge, upstream=ends[0], downstream=ends[1]))
    kept = [task for task in workflow.tasks if first.get(task.id, task.id) == task.id]
    merged = [_merged(members[task.id]) if len(members.get(task.id, ())) > 1 else task for task in kept]
    tasks = tuple(_renamed(task, first) for task in merged)
    return msgspec.structs.replace(workflow, tasks=tasks, edges=tuple(edges.values()), leaves=leaves(workflow))


def _renamed(task: Task, first: dict[str, str]) -> Task:
    """The task, which looks at steps in place of their tasks."""
    upstream = tuple(dict.fromkeys(first.get(one, one) for one in task.upstream or ()))
    gates = tuple(dict.fromkeys(msgspec.structs.replace(one, task=first.get(one.task, one.task)) for one in task.gates))
    return msgspec.structs.replace(task, upstream=upstream, gates=gates)


def _merged(tasks: tuple[Task, ...]) -> Task:
    """One task for several: it comes after all that they look at, so no rule of theirs is decided early."""
    ids = {task.id for task in tasks}
    upstream = dict.fromkeys(one for task in tasks for one in task.upstream or () if one not in ids)
    gates = dict.fromkeys(gate for task in tasks for gate in task.gates if gate.task not in ids)
    return msgspec.structs.replace(
        tasks[0], rule=TriggerRule.ALL_SUCCESS, upstream=tuple(upstream), gates=tuple(gates), decision=None
    )


def _is_acyclic(workflow: Workflow) -> bool:
    names = numbered(task.id for task in workflow.tasks)
    try:
        levels(len(names), indexed(names, ends_of(workflow.edges)))
    except CycleError:
        return False
    return True


def _opened(node: Node, workflow: Workflow, members: dict[str, tuple[Task, ...]], opened: dict[str, Each]) -> Node:
    match node:
        case Run(name) if name in opened:
            return opened[name]
        case Series(steps):
            return Series(tuple(_opened(step, workflow, members, opened) for step in steps))
        case Parallel(branches):
            return Parallel(tuple(_opened(branch, workflow, members, opened) for branch in branches))
        case Await(task=name, others=others) if not members.keys().isdisjoint((name, *others)):
            return msgspec.structs.replace(node, others=_awaited(name, others, workflow, members))
        case _:
            return node


def _awaited(
    name: str, others: tuple[str, ...], workflow: Workflow, members: dict[str, tuple[Task, ...]]
) -> tuple[str, ...]:
    """In the place of a step that is awaited those of its tasks that the waiting ones look at or follow."""
    waiting = {task.id for task in members[name]} if name in members else {name}
    looked_at = {edge.upstream for edge in workflow.edges if edge.downstream in waiting}
    for task in workflow.tasks:
        if task.id in waiting:
            looked_at.update(task.upstream or (), (gate.task for gate in task.gates))
    found: list[str] = []
    for other in others:
        tasks = [task.id for task in members[other]] if other in members else [other]
        found += [one for one in tasks if one in looked_at] or tasks
    return tuple(dict.fromkeys(found))


def _each(tasks: tuple[Task, ...], workflow: Workflow, durations: Durations) -> Each:
    mapping = tasks[0].mapping
    assert mapping is not None
    ids = tuple(task.id for task in tasks)
    body: Node = Run(ids[0])
    if len(tasks) > 1:
        inner = tuple(edge for edge in workflow.edges if edge.upstream in ids and edge.downstream in ids)
        # Its last step ends a run, which the body of an item does not.
        *steps, _ = layers(msgspec.structs.replace(workflow, tasks=tasks, edges=inner, leaves=ids), durations).steps
        body = steps[0]
    limits = [task.mapping.limit for task in tasks if task.mapping and task.mapping.limit]
    whole = len(tasks) > 1 and len(tasks) == len(mapping.paired) + 1
    name = mapping.group if whole else ids[0]
    return Each(name, ids, body, mapping.size(), min(limits, default=None))
