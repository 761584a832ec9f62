"""Check: every value is read over an edge, and every task says which statuses its rule looks at.

    before: a -> b, c reads a's output       after: a -> b, a -> c (data), b.upstream ("a",), c.upstream ("a",)

Reading a value implies an edge, so a hand-written workflow need not repeat it. Edges between the same two tasks are
merged (data wins over order). Runs first: a later pass can then drop edges from the ordering without changing what a
rule is evaluated over.
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
    tasks = tuple(_checked(task, before[task.id], sink) for task in workflow.tasks)
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


def _checked(task: Task, before: list[str], sink: Sink) -> Task:
    if task.upstream is None:
        return msgspec.structs.replace(task, upstream=tuple(before))
    for upstream in task.upstream:
        if upstream not in before:
            sink.report(rules.FOREIGN_UPSTREAM, task.span, subject=task.id, task=upstream)
    return task
