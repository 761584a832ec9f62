"""Reduce: drop every edge that a longer path makes redundant (transitive reduction).

    before: a -> b, b -> c, a -> c           after: a -> b, b -> c

Only the ordering shrinks. What a task reads and the `upstream` its rule is evaluated over stay on the task: with
b = all_done, a failed a must still make c upstream_failed. An edge into a task whose rule may be decided early
implies no order, so no path through it makes another edge redundant.
"""

from __future__ import annotations

import msgspec

from core_compiler.diagnostics import Sink
from core_compiler.graph import kept_edges
from core_compiler.ir import EARLY_RULES, Workflow
from core_compiler.ir.indices import ends_of, indexed, numbered


def reduce(workflow: Workflow, sink: Sink) -> Workflow:
    """Keep the edges of the transitive reduction, in their order. `workflow` is acyclic; `sink` is not used."""
    del sink
    number = numbered(task.id for task in workflow.tasks)
    early = {task.id for task in workflow.tasks if task.rule in EARLY_RULES}
    ordered = [edge.downstream not in early for edge in workflow.edges] if early else None
    kept = kept_edges(len(number), indexed(number, ends_of(workflow.edges)), ordered)
    if len(kept) == len(workflow.edges):
        return workflow
    return msgspec.structs.replace(workflow, edges=tuple(workflow.edges[position] for position in kept))
