"""The search for a nested tree: what is series-parallel as it is, the rest by `exact` or along linear extensions.

Series-parallel parts of what is not series-parallel as a whole are first kept together, which makes the search small.
But a cut through such a part can be the better one: so few tasks are searched once more as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core_compiler.graph import levels, weak_components
from core_compiler.plan.nested.exact import exact
from core_compiler.plan.nested.extensions import Core, along, ends_of, extensions
from core_compiler.plan.nested.intervals import Intervals
from core_compiler.plan.nested.modules import Quotient
from core_compiler.plan.nested.rounds import improved
from core_compiler.plan.nested.trees import Tree, fork, renumbered, row, seconds_of, substituted, tasks_of

#: Parts of so many tasks are searched in `rounds`.
_FEW = 300
#: Positions looked at in the search that keeps series-parallel parts together, and in the one that does not.
_LOOKED_AT_WHOLE, _LOOKED_AT = 50_000, 200_000


class Effort(NamedTuple):
    """How hard to search: cuts tried of each set, positions looked at while so many are, and at most, extensions."""

    width: int
    budget: int
    limit: int
    extensions: int


def nested_tree(n: int, edges: Sequence[tuple[int, int]], seconds: Sequence[float], *, quick: bool = False) -> Tree:
    """A series-parallel tree over the nodes of a transitively reduced graph.

    A `quick` search keeps series-parallel parts together. That adds less order: its tree may be slower for these very
    `seconds`, but is often faster for others.
    """
    quotient = Quotient(n, edges, seconds)
    before = [list(others) for others in quotient.before]
    quotient.contract(range(n))
    trees: list[Tree] = []
    for members in _components(quotient):
        tree = quotient.trees[members[0]]
        if len(members) > 1:
            tree = solve_core(quotient, members, quick=quick)
            tree = tree if quick else _uncontracted(tree, before, seconds)
        trees.append(tree)
    return fork(trees)


def _components(quotient: Quotient) -> list[list[int]]:
    nodes = quotient.nodes()
    place = numbered_nodes(nodes)
    edges = [(place[u], place[v]) for v in nodes for u in quotient.before[v]]
    return [[nodes[index] for index in part] for part in weak_components(len(nodes), edges)]


def _uncontracted(tree: Tree, before: Sequence[Sequence[int]], seconds: Sequence[float]) -> Tree:
    """A faster tree of the same tasks, or the same: series-parallel parts are not kept together."""
    order = tasks_of(tree)
    if len(order) > _FEW:
        return tree
    place = numbered_nodes(order)
    core = Core([sorted(place[other] for other in before[node]) for node in order], [seconds[node] for node in order])
    kept = renumbered(tree, place)
    if seconds_of(kept, core.seconds) <= max(ends_of(core)):
        return tree
    found = exact(core)
    return substituted(improved(core, kept, _LOOKED_AT) if found is None else found, order)


def effort_for(n: int) -> Effort:
    """Bounded work: less for each task the more tasks there are. Counted, not timed, so that it is repeatable."""
    if n <= _FEW:
        return Effort(6, 2_000, 20_000, 7)
    if n <= 1500:
        return Effort(2, 15_000, 60_000, 3)
    return Effort(1, 0, min(40 * n, 800_000), 1)


def numbered_nodes(nodes: Sequence[int]) -> dict[int, int]:
    """The place of each node."""
    return {node: place for place, node in enumerate(nodes)}


def solve_core(quotient: Quotient, members: Sequence[int], *, quick: bool = False) -> Tree:
    """The best tree found for a connected part of a quotient."""
    order = topological(quotient, members)
    place = numbered_nodes(order)
    core = Core(
        [sorted(place[other] for other in quotient.before[node]) for node in order],
        [quotient.seconds[node] for node in order],
    )
    found = exact(core)
    if found is None and len(order) <= _FEW and not quick:
        found = layered_tree(len(order), [(u, v) for v, others in enumerate(core.before) for u in others])
        # Where nothing was kept together, the search of the tasks as they are would be the same one.
        if not all(isinstance(quotient.trees[node], int) for node in order):
            found = improved(core, found, _LOOKED_AT_WHOLE)
    elif found is None:
        found = _along_the_best(core, effort_for(len(order)))
    return substituted(found, [quotient.trees[node] for node in order])


def _along_the_best(core: Core, effort: Effort) -> Tree:
    best: tuple[float, Tree] | None = None
    for number, order in enumerate(extensions(core)):
        if number == effort.extensions:
            break
        moved = along(core, order)
        search = Intervals(moved.before, moved.seconds, effort.width, effort.budget, effort.limit)
        solved = search.best() if best is None else search.best(0.0, best[0])
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
