"""Check: every value is read over an edge, and every task says which statuses its rule looks at.

    before: a -> b, c reads a's output       after: a -> b, a -> c (data), b.upstream ("a",), c.upstream ("a",)

Reading a value implies an edge, so a hand-written workflow need not repeat it. Edges between the same two tasks are
merged (data wins over order). Tasks that share their items as a mapped group learn of each other. Runs first: a later
pass can then drop edges from the ordering without changing what a rule is evaluated over.
"""

from __future__ import annotations

import msgspec

from core_compiler.diagnostics import Sink
from core_compiler.ir import Edge, EdgeKind, Task, Workflow, rules
from core_compiler.ir.indices import values_read

Ends = tuple[str, str]


def check(workflow: Workflow, sink: Sink) -> Workflow:
    """Add the edges that arguments imply and write out each task's `upstream`; report an `upstream` without an edge."""
    edges = _edges(workflow)
    before: dict[str, list[str]] = {task.id: [] for task in workflow.tasks}
    for upstream, downstream in edges:
        before[downstream].append(upstream)
    groups: dict[str, list[str]] = {}
    for task in workflow.tasks:
        if task.mapping is not None and task.mapping.group:
            groups.setdefault(task.mapping.group, []).append(task.id)
    tasks = tuple(_paired(_checked(task, before[task.id], sink), groups) for task in workflow.tasks)
    return msgspec.structs.replace(workflow, tasks=tasks, edges=tuple(edges.values()))


def _edges(workflow: Workflow) -> dict[Ends, Edge]:
    edges: dict[Ends, Edge] = {}
    for edge in workflow.edges:
        ends = edge.upstream, edge.downstream
        known = edges.get(ends)
        if known is None or (known.kind, edge.kind) == (EdgeKind.ORDER, EdgeKind.DATA):
            edges[ends] = edge
    for ends in zip(*values_read(workflow.tasks), strict=True):
        if ends not in edges:
            edges[ends] = Edge(*ends, EdgeKind.DATA)
    return edges


def _paired(task: Task, groups: dict[str, list[str]]) -> Task:
    if task.mapping is None or not task.mapping.group:
        return task
    others = tuple(one for one in groups[task.mapping.group] if one != task.id)
    return msgspec.structs.replace(task, mapping=msgspec.structs.replace(task.mapping, paired=others))


def _checked(task: Task, before: list[str], sink: Sink) -> Task:
    if task.upstream is None:
        return msgspec.structs.replace(task, upstream=tuple(before))
    for upstream in task.upstream:
        if upstream not in before:
            sink.report(rules.FOREIGN_UPSTREAM, task.span, subject=task.id, task=upstream)
    return task
