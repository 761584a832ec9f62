"""A workflow's order in integers, as structuring algorithms take it."""

from __future__ import annotations

from typing import NamedTuple

from core_compiler.graph import transitive_reduction
from core_compiler.ir import Workflow
from core_compiler.ir.indices import ends_of, indexed, numbered


class Graph(NamedTuple):
    """Task ids in the workflow's order, and transitively reduced edges between their numbers."""

    names: list[str]
    edges: list[tuple[int, int]]

    def before(self) -> list[list[int]]:
        """The direct predecessors of each task."""
        found: list[list[int]] = [[] for _ in self.names]
        for u, v in self.edges:
            found[v].append(u)
        return found


def ordered_graph(workflow: Workflow) -> Graph:
    """The graph of all edges, reduced again: a plan may enforce also those that promise nothing about time."""
    names = [task.id for task in workflow.tasks]
    edges = transitive_reduction(len(names), indexed(numbered(names), ends_of(workflow.edges)))
    return Graph(names, [(int(u), int(v)) for u, v in edges])
