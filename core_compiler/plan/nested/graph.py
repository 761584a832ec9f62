"""A workflow's order in integers, as structuring algorithms take it."""

from __future__ import annotations

from typing import NamedTuple

from core_compiler.graph import transitive_reduction
from core_compiler.ir import Workflow
from core_compiler.ir.indices import Ends, ends_of, indexed, numbered
from core_compiler.plan.order import only_upstream, ordering


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
    return _reduced(workflow, ends_of(workflow.edges))


def binding_graph(workflow: Workflow) -> Graph:
    """The graph of the edges that a plan has to keep: none into a task whose rule may be decided before.

    Such a task awaits that its rule is decided, but where a single upstream task decides it.
    """
    pairs = ordering(workflow)
    pairs += [(up, task.id) for task in workflow.tasks for up in only_upstream(task)]
    return _reduced(workflow, Ends([up for up, _ in pairs], [down for _, down in pairs]))


def _reduced(workflow: Workflow, ends: Ends) -> Graph:
    names = [task.id for task in workflow.tasks]
    edges = transitive_reduction(len(names), indexed(numbered(names), ends))
    return Graph(names, [(int(u), int(v)) for u, v in edges])
