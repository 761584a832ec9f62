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
#: How often a node is looked at, on the average, in search of parts; what is left then becomes a plain forest.
LOOKS = 60


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
        self._looks = LOOKS * count
        self._grown: list[Node] = []

    def plan(self) -> Node:
        branches = [self._solve(self._order, 0)]
        while self._later:
            branches.append(self._solve(self._later.pop(), 1))
        return parallel((*(branch for branch in branches if branch is not None), *self._grown))

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
        self._looks -= len(piece)
        if self._looks < 0:
            self._grow(piece)
            return None
        groups = self._components(piece)
        if len(groups) == 1:
            groups = self._by_roots(piece)
        if depth >= DEEPEST:
            self._later.append(piece)
            return None
        branches = [self._solve(group, depth + 1) for group in self._split(groups)]
        found = tuple(branch for branch in branches if branch is not None)
        return parallel(found) if found else None

    def _grow(self, piece: list[int]) -> None:
        """Branches of the whole machine: each task under its parent that ends last, and nothing joined."""
        children: dict[int, list[int]] = {node: [] for node in piece}
        forks: dict[int, int] = {}
        roots: list[int] = []
        for node in piece:
            above = max(self._above(node), key=lambda other: self._ends[other], default=None)
            if above is not None:
                children[above].append(node)
        parent = {child: node for node, below in children.items() for child in below}
        for node in piece:
            above = parent.get(node)
            forks[node] = 1 if above is None else forks[above] + (len(children[above]) > 1)
            if above is None or forks[node] > DEEPEST:
                forks[node] = 1
                roots.append(node)
        cut = set(roots)
        # From the last to the first, each row of steps backwards, so that a long chain is not copied at each step.
        rows: dict[int, list[Node]] = {}
        for node in reversed(piece):
            below = [rows.pop(child) for child in reversed(children[node]) if child not in cut]
            row: list[Node] = below[0] if len(below) == 1 else []
            if len(below) > 1:
                row.append(parallel(tuple(_row(one) for one in reversed(below))))
            row.append(Run(self._names[node]))
            rows[node] = row
        self._grown += [_row(rows[root]) for root in roots]

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


def _row(backwards: list[Node]) -> Node:
    return series(tuple(reversed(backwards)))
