"""Check: values are read over edges, and every task says which statuses its rule looks at.

    before: a -> b, b.upstream None          after: a -> b, b.upstream ("a",)

Edges between the same two tasks are merged (data wins over order). Runs first, so that a later pass can drop edges from
the ordering without changing what a rule is evaluated over.
"""

from __future__ import annotations

import msgspec

from core_compiler.diagnostics import Sink
from core_compiler.ir import Edge, EdgeKind, Task, Workflow, outputs, rules


def check(workflow: Workflow, sink: Sink) -> Workflow:
    """Write out each task's `upstream`; report values and upstream tasks that no edge leads to."""
    edges = _merged(workflow.edges)
    before: dict[str, list[str]] = {task.id: [] for task in workflow.tasks}
    for edge in edges:
        before[edge.downstream].append(edge.upstream)
    tasks = tuple(_checked(task, before[task.id], sink) for task in workflow.tasks)
    return msgspec.structs.replace(workflow, tasks=tasks, edges=edges)


def _merged(edges: tuple[Edge, ...]) -> tuple[Edge, ...]:
    merged: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        ends = edge.upstream, edge.downstream
        known = merged.get(ends)
        if known is None or (known.kind, edge.kind) == (EdgeKind.ORDER, EdgeKind.DATA):
            merged[ends] = edge
    return tuple(merged.values())


def _checked(task: Task, before: list[str], sink: Sink) -> Task:
    direct = set(before)
    for argument in (*task.args, *task.kwargs.values()):
        for output in outputs(argument):
            if output.task not in direct:
                sink.report(rules.MISSING_EDGE, task.span, subject=task.id, task=output.task)
    if task.upstream is None:
        return msgspec.structs.replace(task, upstream=tuple(before))
    for upstream in task.upstream:
        if upstream not in direct:
            sink.report(rules.FOREIGN_UPSTREAM, task.span, subject=task.id, task=upstream)
    return task
