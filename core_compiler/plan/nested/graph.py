"""A workflow's order in integers, as structuring algorithms take it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from core_compiler.graph import transitive_reduction
from core_compiler.ir import Workflow
from core_compiler.ir.indices import Ends, ends_of, indexed, numbered
from core_compiler.plan.early import Decided, decided, is_early
from core_compiler.plan.order import loose_upstream, only_upstream, ordering


class Early(NamedTuple):
    """The tasks that the rule of a task may be decided without, by number, and when it is if nothing fails."""

    others: tuple[int, ...]
    decided: Decided


#: Where every task waits for all that it follows.
NO_EARLY: Mapping[int, Early] = {}


class Graph(NamedTuple):
    """Task ids in the workflow's order, and transitively reduced edges between their numbers.

    `early`: the tasks whose rules may be decided early, which no edge binds to what they look at.
    """

    names: list[str]
    edges: list[tuple[int, int]]
    early: Mapping[int, Early] = NO_EARLY

    def all_edges(self) -> list[tuple[int, int]]:
        """Those from what early rules look at too."""
        return [*self.edges, *((other, task) for task, one in self.early.items() for other in one.others)]

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
    bound = _reduced(workflow, Ends([up for up, _ in pairs], [down for _, down in pairs]))
    number = numbered(bound.names)
    early = {
        number[task.id]: Early(tuple(sorted(number[up] for up in loose_upstream(task))), decided(task))
        for task in workflow.tasks
        if is_early(task) and loose_upstream(task)
    }
    return bound._replace(early=early)


def _reduced(workflow: Workflow, ends: Ends) -> Graph:
    names = [task.id for task in workflow.tasks]
    edges = transitive_reduction(len(names), indexed(numbered(names), ends))
    return Graph(names, [(int(u), int(v)) for u, v in edges])
