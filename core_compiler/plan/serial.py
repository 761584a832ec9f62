"""Serial: one task after the other, in a topological order that keeps the workflow's own where it can."""

from __future__ import annotations

from core_compiler.graph import topological_order
from core_compiler.ir import Workflow
from core_compiler.ir.indices import ends_of, indexed, numbered
from core_compiler.plan.durations import Durations
from core_compiler.plan.layers import leaves
from core_compiler.plan.nodes import Finish, Node, Run, Series


def serial(workflow: Workflow, durations: Durations) -> Series:
    """The plan of an acyclic workflow: the fewest transitions, and no two tasks at once. Durations change nothing."""
    del durations
    names = [task.id for task in workflow.tasks]
    edges = indexed(numbered(names), ends_of(workflow.edges))
    steps: list[Node] = [Run(names[index]) for index in topological_order(len(names), edges)]
    return Series((*steps, Finish(leaves(workflow))))
