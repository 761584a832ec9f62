"""Layers: the published way from a DAG to fork and join, kept as the baseline.

    a -> c, b -> c, x -> y       becomes       Parallel(Series(Parallel(a, b), c), Series(x, y))

Each task stands in the layer of its longest path from a root, and a layer starts when the one before it has ended.
Independent parts of the graph (weak components) never wait for each other.
"""

from __future__ import annotations

from core_compiler.graph import levels, weak_components
from core_compiler.ir import Workflow
from core_compiler.ir.indices import ends_of, indexed, numbered
from core_compiler.plan.durations import Durations
from core_compiler.plan.nodes import Finish, Node, Run, Series, parallel, series


def layers(workflow: Workflow, durations: Durations) -> Series:
    """The plan of an acyclic workflow with at least one task; tasks keep the workflow's order within a layer.

    Durations make no difference.
    """
    del durations
    names = [task.id for task in workflow.tasks]
    edges = indexed(numbered(names), ends_of(workflow.edges))
    level = [int(depth) for depth in levels(len(names), edges)]
    branches: list[Node] = []
    for component in weak_components(len(names), edges):
        rows: dict[int, list[Node]] = {}
        for index in sorted(component):
            rows.setdefault(level[index], []).append(Run(names[index]))
        branches.append(series(tuple(parallel(tuple(rows[depth])) for depth in sorted(rows))))
    return Series((parallel(tuple(branches)), Finish(leaves(workflow))))


def leaves(workflow: Workflow) -> tuple[str, ...]:
    """The tasks whose statuses decide the run's: as given, else those with no downstream task."""
    if workflow.leaves is not None:
        return workflow.leaves
    inner = {edge.upstream for edge in workflow.edges}
    return tuple(task.id for task in workflow.tasks if task.id not in inner)
