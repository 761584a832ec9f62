"""Reduce: drop every edge that a longer path makes redundant (transitive reduction).

    before: a -> b, b -> c, a -> c           after: a -> b, b -> c

Only the ordering shrinks. What a task reads and the `upstream` its rule is evaluated over stay on the task: with
b = all_done, a failed a must still make c upstream_failed. An edge into a task whose rule may be decided early
implies no order, so no path through it makes another edge redundant.
"""

from __future__ import annotations

import msgspec

from core_compiler.diagnostics import Sink
from core_compiler.graph import transitive_reduction
from core_compiler.ir import EARLY_RULES, Workflow


def reduce(workflow: Workflow, sink: Sink) -> Workflow:
    """Keep the edges of the transitive reduction, in their order. `workflow` is acyclic; `sink` is not used."""
    del sink
    number = {task.id: index for index, task in enumerate(workflow.tasks)}
    early = {task.id for task in workflow.tasks if task.rule in EARLY_RULES}
    ends = [(number[edge.upstream], number[edge.downstream]) for edge in workflow.edges]
    ordered = [edge.downstream not in early for edge in workflow.edges]
    kept = {(int(u), int(v)) for u, v in transitive_reduction(len(number), ends, ordered=ordered if early else None)}
    edges = tuple(edge for edge, end in zip(workflow.edges, ends, strict=True) if end in kept)
    return msgspec.structs.replace(workflow, edges=edges)
