"""Layers as the floor: a plan that waits for less should not take longer than they do.

A chain of tasks that have to follow each other has at most one in each layer, so what it takes layers wait for anyhow:
a plan in which no chain that is as long as the layers are deep enters more states than they do is never slower,
whatever durations turn out to be (source: `docs/design/022-floor.md`).
"""

from __future__ import annotations

from collections.abc import Sequence

from core_compiler.graph import levels, weak_components
from core_compiler.plan.auto.timing import TreeTiming
from core_compiler.plan.nested.graph import Graph
from core_compiler.plan.nested.search import layered_tree

#: Two moments so near to each other (seconds) are the same.
CLOSE = 1e-6
#: Seconds that every task is taken to last, so that what matters is the states: a chain that is shorter by a task than
#: layers are deep may enter twenty states more, which is never met.
_ALIKE = 1.0


class Floor:
    """The layers of a graph: those of each part that hangs together by itself.

    tree   layers, as a tree
    level  the number of the layer of each task
    parts  the tasks of each part
    """

    def __init__(self, graph: Graph) -> None:
        n = len(graph.names)
        # In layers a task whose rule may be decided early waits for all that it looks at.
        edges = graph.all_edges()
        self.tree = layered_tree(n, edges)
        self.level = levels(n, edges)
        self.parts = [list(part) for part in weak_components(n, edges)]
        self._timing = TreeTiming(self.tree, graph.before(), graph.early)
        self.alike = [_ALIKE] * n
        self._latest = self.ends(self.alike)

    def ends(self, seconds: Sequence[float]) -> list[float]:
        """When each task ends in layers."""
        return self._timing.ends(seconds)

    def late_parts(self, ends: Sequence[float], latest: Sequence[float]) -> list[list[int]]:
        """The parts whose last task ends later than that of layers."""
        return [part for part in self.parts if lateness(part, ends, latest) > CLOSE]

    def lateness_if_alike(self, timing: TreeTiming) -> list[float]:
        """By how much longer than in layers each part takes if all tasks do (seconds; below 0: less long)."""
        ends = timing.ends(self.alike, at_worst=True)
        return [lateness(part, ends, self._latest) for part in self.parts]

    def holds(self, timing: TreeTiming) -> bool:
        """Whether the plan is never slower than layers, where the longest task of a layer takes a second."""
        return max(self.lateness_if_alike(timing)) <= CLOSE and timing.climbs(self.level)


def lateness(part: Sequence[int], ends: Sequence[float], latest: Sequence[float]) -> float:
    """How much later the last of these tasks ends than the last of them may."""
    return max(ends[task] for task in part) - max(latest[task] for task in part)
