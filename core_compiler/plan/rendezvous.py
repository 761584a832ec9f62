"""Rendezvous: no barrier at all. Fork and join where the graph itself forks and joins, and an Await on what is left.

    a -> c, a -> d, b -> d        becomes        Parallel(Series(a, Parallel(c, Series(Await(d, (b,)), d))), b)

A part of the graph falls into parts side by side (its weak components) or one after the other (its exact series cuts):
that costs no task a wait. A part that does neither is split by its roots: each task goes where its parent with the
latest predicted end is, so that what it awaits elsewhere has most likely ended by then. No step waits for anything that
its task need not wait for, whatever the durations turn out to be.
"""

from __future__ import annotations

from collections.abc import Sequence

from core_compiler.graph import topological_order, weak_components
from core_compiler.ir import Workflow
from core_compiler.ir.indices import numbered
from core_compiler.plan.cuts import exact_cuts
from core_compiler.plan.durations import Durations
from core_compiler.plan.layers import leaves
from core_compiler.plan.nodes import Finish, Node, Run, Series, parallel, series
from core_compiler.plan.order import only_upstream, ordering
from core_compiler.plan.waiting import with_awaits

#: Forks inside forks, at most: what lies deeper becomes a branch of the whole machine, and awaits what it follows.
#: How deep Step Functions itself can go is not documented.
DEEPEST = 16


def rendezvous(workflow: Workflow, durations: Durations) -> Series:
    """The plan of an acyclic workflow with at least one task."""
    forest = _Forest(workflow, durations)
    plan = with_awaits(forest.plan(), workflow)
    steps = plan.steps if isinstance(plan, Series) else (plan,)
    return Series((*steps, Finish(leaves(workflow))))


class _Forest:
    def __init__(self, workflow: Workflow, durations: Durations) -> None:
        self._names = [task.id for task in workflow.tasks]
        number = numbered(self._names)
        count = len(self._names)
        kept = [(number[up], number[down]) for up, down in ordering(workflow)]
        kept += [(number[up], number[task.id]) for task in workflow.tasks for up in only_upstream(task)]
        self._edges = list(dict.fromkeys(kept))
        self._order = topological_order(count, self._edges)
        self._before: list[list[int]] = [[] for _ in range(count)]
        self._after: list[list[int]] = [[] for _ in range(count)]
        for up, down in self._edges:
            self._before[down].append(up)
            self._after[up].append(down)
        self._ends = self._predicted([durations.seconds[name] for name in self._names])
        #: Which part a node is in; edges between parts do not count.
        self._part = [0] * count
        self._parts = 1
        self._later: list[list[int]] = []

    def plan(self) -> Node:
        branches = [self._solve(self._order, 0)]
        while self._later:
            branches.append(self._solve(self._later.pop(), 1))
        return parallel(tuple(branch for branch in branches if branch is not None))

    def _solve(self, part: list[int], depth: int) -> Node | None:
        """The plan of one part; None where all of it is left for later."""
        steps: list[Node] = []
        for piece in self._split(exact_cuts(part, self._above, self._below)):
            found = self._side_by_side(piece, depth)
            if found is not None:
                steps.append(found)
        return series(tuple(steps)) if steps else None

    def _side_by_side(self, piece: list[int], depth: int) -> Node | None:
        if len(piece) == 1:
            return Run(self._names[piece[0]])
        groups = self._components(piece)
        if len(groups) == 1:
            groups = self._by_roots(piece)
        if depth >= DEEPEST:
            self._later.append(piece)
            return None
        branches = [self._solve(group, depth + 1) for group in self._split(groups)]
        found = tuple(branch for branch in branches if branch is not None)
        return parallel(found) if found else None

    def _components(self, piece: list[int]) -> list[list[int]]:
        local = {node: index for index, node in enumerate(piece)}
        edges = [(local[node], local[below]) for node in piece for below in self._below(node)]
        return [[piece[index] for index in group] for group in weak_components(len(piece), edges)]

    def _by_roots(self, piece: list[int]) -> list[list[int]]:
        groups: dict[int, list[int]] = {}
        root: dict[int, int] = {}
        for node in piece:
            above = self._above(node)
            root[node] = root[max(above, key=lambda other: self._ends[other])] if above else node
            groups.setdefault(root[node], []).append(node)
        return list(groups.values())

    def _split(self, parts: list[list[int]]) -> list[list[int]]:
        if len(parts) > 1:
            for part in parts:
                for node in part:
                    self._part[node] = self._parts
                self._parts += 1
        return parts

    def _above(self, node: int) -> Sequence[int]:
        part = self._part[node]
        return [other for other in self._before[node] if self._part[other] == part]

    def _below(self, node: int) -> Sequence[int]:
        part = self._part[node]
        return [other for other in self._after[node] if self._part[other] == part]

    def _predicted(self, seconds: Sequence[float]) -> list[float]:
        ends = [0.0] * len(seconds)
        for node in self._order:
            ends[node] = max((ends[other] for other in self._before[node]), default=0.0) + seconds[node]
        return ends
