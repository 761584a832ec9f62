"""The search for a nested tree: what is series-parallel as it is, the rest by `exact` or along linear extensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core_compiler.graph import levels, weak_components
from core_compiler.plan.nested.exact import exact
from core_compiler.plan.nested.extensions import Core, along, extensions
from core_compiler.plan.nested.intervals import Intervals
from core_compiler.plan.nested.modules import Quotient
from core_compiler.plan.nested.trees import Tree, fork, row, substituted


class Effort(NamedTuple):
    """How hard to search: cuts tried of each set, positions looked at while so many are, and at most, extensions."""

    width: int
    budget: int
    limit: int
    extensions: int


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
    order = topological(quotient, members)
    place = numbered_nodes(order)
    core = Core(
        [sorted(place[other] for other in quotient.before[node]) for node in order],
        [quotient.seconds[node] for node in order],
    )
    found = exact(core)
    if found is None:
        found = _along_the_best(core, effort)
    return substituted(found, [quotient.trees[node] for node in order])


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
            best = solved.seconds, substituted(solved.tree, list(order))
    assert best is not None
    return best[1]


def topological(quotient: Quotient, members: Sequence[int]) -> list[int]:
    """The nodes of a part of a quotient, each after its predecessors."""
    missing = {node: len(quotient.before[node]) for node in members}
    order = [node for node in members if not missing[node]]
    for node in order:
        for following in sorted(quotient.after[node]):
            missing[following] -= 1
            if not missing[following]:
                order.append(following)
    return order


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
