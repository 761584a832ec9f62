"""The nested tree to take where durations are not sure: of several, the one that is fastest on the mean.

The pool: layers, the tree for the durations as given, the one for tasks that are all alike, and those for some of the
durations that may turn out.
"""

from __future__ import annotations

from collections.abc import Sequence

from core_compiler.plan.evaluate import OVERHEAD
from core_compiler.plan.nested.depth import shallow
from core_compiler.plan.nested.graph import Graph
from core_compiler.plan.nested.search import layered_tree, nested_tree
from core_compiler.plan.nested.trees import Tree, seconds_of

#: Trees for durations that may turn out, at most, and above so many tasks none.
_MOST_TREES, _MOST_TASKS = 8, 1_500


def robust_tree(graph: Graph, seconds: Sequence[float], draws: Sequence[Sequence[float]]) -> Tree:
    """The fastest tree on the mean over `draws` (seconds, states left out); never slower so than layers."""
    n = len(graph.names)
    pool = [layered_tree(n, graph.edges), nested_tree(n, graph.edges, _entered(seconds))]
    if len(draws) > 1 and n <= _MOST_TASKS:
        pool.append(nested_tree(n, graph.edges, _entered(seconds), quick=True))
        pool.append(nested_tree(n, graph.edges, [1.0] * n, quick=True))
        few = max(1, min(_MOST_TREES, _MOST_TASKS // n))
        pool += [nested_tree(n, graph.edges, _entered(draw), quick=True) for draw in draws[:few]]
    before = graph.before()
    pool = [shallow(tree, before) for tree in pool]
    return min(pool, key=lambda tree: sum(seconds_of(tree, _entered(draw), OVERHEAD) for draw in draws))


def _entered(seconds: Sequence[float]) -> list[float]:
    return [own + OVERHEAD for own in seconds]
