"""Nested: a series-parallel plan, as fast as the known durations allow.

    a -> c, b -> c, x -> y       becomes       Parallel(Series(Parallel(a, b), c), Series(x, y))

What is series-parallel in the order keeps it exactly, whatever the durations are. In what is left, order has to be
added: where, is sought by `exact` for few tasks and by `intervals` for more, and never so that it takes longer than
layers would.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core_compiler.graph import levels, transitive_reduction, weak_components
from core_compiler.ir import Workflow
from core_compiler.ir.indices import ends_of, indexed, numbered
from core_compiler.plan.durations import Durations
from core_compiler.plan.evaluate import OVERHEAD
from core_compiler.plan.layers import leaves
from core_compiler.plan.nested.exact import exact
from core_compiler.plan.nested.extensions import Core, along, extensions
from core_compiler.plan.nested.intervals import Intervals
from core_compiler.plan.nested.modules import Quotient
from core_compiler.plan.nested.trees import Inner, Tree, fork, plan_of, row, seconds_of
from core_compiler.plan.nodes import Finish, Series


class Effort(NamedTuple):
    """How hard to search: cuts tried of each set, positions looked at while so many are, and at most, extensions."""

    width: int
    budget: int
    limit: int
    extensions: int


def nested(workflow: Workflow, durations: Durations) -> Series:
    """The plan of an acyclic workflow with at least one task, without rendezvous."""
    graph = ordered_graph(workflow)
    seconds = [durations.seconds[name] + OVERHEAD for name in graph.names]
    trees = nested_tree(len(graph.names), graph.edges, seconds), layered_tree(len(graph.names), graph.edges)
    tree = min(trees, key=lambda found: seconds_of(found, seconds, OVERHEAD))
    return Series((plan_of(tree, graph.names), Finish(leaves(workflow))))


class Graph(NamedTuple):
    """A workflow's order in integers, transitively reduced: names in the workflow's order, and edges."""

    names: list[str]
    edges: list[tuple[int, int]]


def ordered_graph(workflow: Workflow) -> Graph:
    """The graph of all edges, reduced again: a plan enforces also those that promise nothing about time."""
    names = [task.id for task in workflow.tasks]
    edges = transitive_reduction(len(names), indexed(numbered(names), ends_of(workflow.edges)))
    return Graph(names, [(int(u), int(v)) for u, v in edges])


def nested_tree(n: int, edges: Sequence[tuple[int, int]], seconds: Sequence[float], scale: float = 1.0) -> Tree:
    """A series-parallel tree over the nodes of a transitively reduced graph; `scale` multiplies the effort."""
    quotient = Quotient(n, edges, seconds)
    quotient.contract(range(n))
    return fork(solve_quotient(quotient, scale))


def solve_quotient(quotient: Quotient, scale: float = 1.0) -> list[Tree]:
    """The best tree for each weak component of a contracted graph."""
    nodes = quotient.nodes()
    place = numbered_nodes(nodes)
    edges = [(place[u], place[v]) for v in nodes for u in quotient.before[v]]
    effort = effort_for(len(nodes), scale)
    trees: list[Tree] = []
    for part in weak_components(len(nodes), edges):
        members = [nodes[index] for index in part]
        trees.append(quotient.trees[members[0]] if len(members) == 1 else solve_core(quotient, members, effort))
    return trees


def effort_for(n: int, scale: float) -> Effort:
    """Bounded work: less for each task the more tasks there are. Counted, not timed, so that it is repeatable."""
    if n <= 300:
        return Effort(6, int(20_000 * scale), int(200_000 * scale), 7)
    if n <= 1500:
        return Effort(2, int(15_000 * scale), int(60_000 * scale), 3)
    return Effort(1, 0, min(40 * n, 800_000), 1)


def numbered_nodes(nodes: Sequence[int]) -> dict[int, int]:
    """The place of each node."""
    return {node: place for place, node in enumerate(nodes)}


def solve_core(quotient: Quotient, members: Sequence[int], effort: Effort) -> Tree:
    """The best tree found for a connected part of a quotient."""
    order = _topological(quotient, members)
    place = numbered_nodes(order)
    core = Core(
        [sorted(place[other] for other in quotient.before[node]) for node in order],
        [quotient.seconds[node] for node in order],
    )
    found = exact(core)
    if found is None:
        found = _along_the_best(core, effort)
    return _substituted(found, [quotient.trees[node] for node in order])


def _along_the_best(core: Core, effort: Effort) -> Tree:
    best: tuple[float, Tree] | None = None
    target = 0.0
    for number, order in enumerate(extensions(core)):
        if number == effort.extensions:
            break
        renumbered = along(core, order)
        search = Intervals(renumbered.before, renumbered.seconds, effort.width, effort.budget, effort.limit)
        solved = search.best(target)
        if best is None or solved.seconds < best[0]:
            best = solved.seconds, _substituted(solved.tree, list(order))
    assert best is not None
    return best[1]


def _topological(quotient: Quotient, members: Sequence[int]) -> list[int]:
    missing = {node: len(quotient.before[node]) for node in members}
    order = [node for node in members if not missing[node]]
    for node in order:
        for following in sorted(quotient.after[node]):
            missing[following] -= 1
            if not missing[following]:
                order.append(following)
    return order


def _substituted(tree: Tree, by: Sequence[Tree]) -> Tree:
    """The tree with each leaf replaced."""
    done: list[Tree] = []
    stack: list[Tree | tuple[Inner]] = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, int):
            done.append(by[item])
        elif isinstance(item, Inner):
            stack.append((item,))
            stack.extend(reversed(item.parts))
        else:
            count = len(item[0].parts)
            parts = tuple(done[-count:])
            del done[-count:]
            done.append(Inner(item[0].kind, parts))
    return done[0]


def layered_tree(n: int, edges: Sequence[tuple[int, int]]) -> Tree:
    """Layers, as a tree: the floor."""
    level = [int(depth) for depth in levels(n, edges)]
    parts: list[Tree] = []
    for component in weak_components(n, edges):
        rows: dict[int, list[Tree]] = {}
        for node in component:
            rows.setdefault(level[node], []).append(node)
        parts.append(row([fork(rows[depth]) for depth in sorted(rows)]))
    return fork(parts)
