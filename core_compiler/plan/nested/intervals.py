"""The best series-parallel tree along one linear extension: an interval dynamic program, bounded in time.

A connected set of tasks that no exact cut divides is cut where that costs least: the tasks before the cut in the
extension, then those after it. The cost of a cut is at least head + tail, the longest chain before it and the longest
after it; cuts are tried by what they lose, set against the shorter of the two, and by head + tail in turn (by head +
tail alone the search falls for lopsided cuts: 6.95 times the critical path on a shuffle of 10,000 tasks). A layering of
the set is the floor, so that no part is worse than layers.

Sets are ascending lists of positions in the extension. They stay convex, so a cut in the middle of one is exact iff
each task before it comes before each after it; in a transitive reduction that shows in the edges across: all lead from
the last tasks to the first ones, and there are as many as pairs of these.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from itertools import accumulate, pairwise
from math import inf
from typing import NamedTuple

from core_compiler.plan.nested.trees import Tree, fork, row

_CLOSE = 1e-9


class Solved(NamedTuple):
    """A tree over positions and its seconds; `final` where no search would find a better one in this extension."""

    seconds: float
    tree: Tree
    final: bool
    target: float


Search = Generator["Search", Solved, Solved]


class Intervals:
    """The search along one extension.

    `before`: for each position, the positions it comes directly after, all of them smaller. `width`: how many cuts of
    a set are tried while `budget`, the number of positions looked at, lasts; after that one, and after `limit`
    positions sets are layered. Without `floor` none ever is, and all order that is added is the extension's.
    """

    def __init__(
        self,
        before: Sequence[Sequence[int]],
        seconds: Sequence[float],
        width: int,
        budget: int,
        limit: int,
        *,
        floor: bool = True,
    ) -> None:
        self._floor = floor
        self._before, self._seconds = before, seconds
        self._width, self._budget, self._limit = width, budget, limit
        self._memo: dict[tuple[int, ...], Solved] = {}
        self._owner = [-1] * len(before)
        self._place = [0] * len(before)
        self._sets = 0
        self.looked_at = 0

    def best(self, target: float = 0.0) -> Solved:
        """The best tree that was found for all positions; the search stops at one of `target` seconds."""
        stack: list[Search] = [self._solve(list(range(len(self._before))), target)]
        answer: Solved | None = None
        while stack:
            try:
                deeper = next(stack[-1]) if answer is None else stack[-1].send(answer)
            except StopIteration as ended:
                stack.pop()
                answer = ended.value
            else:
                stack.append(deeper)
                answer = None
        assert answer is not None
        return answer

    def _solve(self, nodes: list[int], target: float) -> Search:
        if len(nodes) == 1:
            return Solved(self._seconds[nodes[0]], nodes[0], True, target)
        key = tuple(nodes) if self._width > 1 else ()
        known = self._memo.get(key)
        # What was sought with a lower target was sought harder.
        if known is not None and (known.final or known.seconds <= target or known.target <= target):
            return known
        self.looked_at += len(nodes)
        local = self._local(nodes)
        parts = _components(local)
        if len(parts) > 1:
            found = yield from self._side_by_side([[nodes[index] for index in part] for part in parts], target)
        else:
            found = yield from self._connected(nodes, local, target)
        if known is not None and known.seconds < found.seconds:
            found = known._replace(target=target)
        if key:
            self._memo[key] = found
        return found

    def _local(self, nodes: list[int]) -> list[list[int]]:
        """The direct predecessors within a set, as indices into it."""
        self._sets += 1
        owner, place, mine, before = self._owner, self._place, self._sets, self._before
        for index, node in enumerate(nodes):
            owner[node] = mine
            place[node] = index
        return [[place[other] for other in before[node] if owner[other] == mine] for node in nodes]

    def _side_by_side(self, parts: list[list[int]], target: float) -> Search:
        heights = [self._height(part) for part in parts]
        # The hardest first: the others only need to get under it.
        order = sorted(range(len(parts)), key=lambda index: -heights[index])
        longest = 0.0
        trees: list[Tree] = []
        for index in order:
            solved = yield self._solve(parts[index], max(target, longest))
            longest = max(longest, solved.seconds)
            trees.append(solved.tree)
        return Solved(longest, fork(trees), longest <= heights[order[0]] + _CLOSE, target)

    def _height(self, nodes: list[int]) -> float:
        local = self._local(nodes)
        return max(_heads(local, [self._seconds[node] for node in nodes]))

    def _connected(self, nodes: list[int], local: list[list[int]], target: float) -> Search:
        seconds = [self._seconds[node] for node in nodes]
        heads = _heads(local, seconds)
        head = [0.0, *accumulate(heads, max)]
        tail = _longest_after(local, seconds)
        whole = head[-1]
        count = len(nodes)
        free = [at for at in range(1, count) if head[at] + tail[at] <= whole + _CLOSE]
        exact = _exact_cuts(local, free) if free else []
        if exact:
            return (yield from self._in_a_row(nodes, [0, *exact, count], head, tail, target))
        levels = _levels(local)
        seconds_of_level = [0.0] * (max(levels) + 1)
        for level, own in zip(levels, seconds, strict=True):
            seconds_of_level[level] = max(seconds_of_level[level], own)
        best, tree = sum(seconds_of_level) if self._floor else inf, None
        tried, complete = 0, True
        width = self._width if self.looked_at < self._budget else 1
        wanted = max(whole, target) + _CLOSE
        search = not self._floor or self.looked_at < self._limit
        for at in _candidates(head, tail, whole, width) if search else ():
            if best <= wanted:
                break
            if head[at] + tail[at] >= best - _CLOSE:
                continue
            if tried == width:
                complete = False
                break
            tried += 1
            first = yield self._solve(nodes[:at], head[at])
            if first.seconds + tail[at] >= best - _CLOSE:
                continue
            second = yield self._solve(nodes[at:], tail[at])
            if first.seconds + second.seconds < best - _CLOSE:
                best, tree = first.seconds + second.seconds, row((first.tree, second.tree))
        if tree is None:
            tree = _layered(nodes, levels)
        return Solved(best, tree, best <= whole + _CLOSE or (complete and width > 1 and best > target), target)

    def _in_a_row(
        self, nodes: list[int], cuts: list[int], head: list[float], tail: list[float], target: float
    ) -> Search:
        spent, trees, final = 0.0, list[Tree](), True
        for first, last in pairwise(cuts):
            solved = yield self._solve(nodes[first:last], max(0.0, target - tail[last] - spent))
            spent += solved.seconds
            final = final and solved.final
            trees.append(solved.tree)
        return Solved(spent, row(trees), final, target)


def _heads(local: list[list[int]], seconds: list[float]) -> list[float]:
    heads: list[float] = []
    for own, others in zip(seconds, local, strict=True):
        start = 0.0
        for other in others:
            if heads[other] > start:
                start = heads[other]
        heads.append(start + own)
    return heads


def _longest_after(local: list[list[int]], seconds: list[float]) -> list[float]:
    """For each cut, the longest chain among the positions from it on."""
    count = len(local)
    after = [0.0] * count
    longest = [0.0] * (count + 1)
    so_far = 0.0
    for index in range(count - 1, -1, -1):
        tail = after[index] + seconds[index]
        for other in local[index]:
            if tail > after[other]:
                after[other] = tail
        if tail > so_far:
            so_far = tail
        longest[index] = so_far
    return longest


def _components(local: list[list[int]]) -> list[list[int]]:
    """The weak components, by union-find on ascending indices: roots are smallest, so one pass names them all."""
    parent = list(range(len(local)))
    for index, others in enumerate(local):
        root = index
        for other in others:
            while parent[other] != other:
                parent[other] = other = parent[parent[other]]
            if other < root:
                parent[root] = root = other
            else:
                parent[other] = root
    found: dict[int, list[int]] = {}
    for index in range(len(local)):
        root = index
        while parent[root] != root:
            root = parent[root]
        parent[index] = root
        found.setdefault(root, []).append(index)
    return list(found.values())


def _levels(local: list[list[int]]) -> list[int]:
    levels: list[int] = []
    for others in local:
        levels.append(1 + max([levels[other] for other in others]) if others else 0)
    return levels


def _layered(nodes: list[int], levels: list[int]) -> Tree:
    rows: list[list[Tree]] = [[] for _ in range(max(levels) + 1)]
    for node, level in zip(nodes, levels, strict=True):
        rows[level].append(node)
    return row([fork(members) for members in rows])


def _exact_cuts(local: list[list[int]], free: list[int]) -> list[int]:
    """Those of the ascending cuts `free` before which every position comes before every one after."""
    count = len(local)
    last_before = [max(others) if others else -1 for others in local]
    first_after = [count] * count
    for index in range(count - 1, -1, -1):
        for other in local[index]:
            first_after[other] = index
    # Differences of, for each cut: last tasks before it, first tasks after it, edges across, edges from last to first.
    lasts, firsts, across, fitting = ([0] * (count + 2) for _ in range(4))
    for index, others in enumerate(local):
        lasts[index + 1] += 1
        lasts[first_after[index] + 1] -= 1
        firsts[last_before[index] + 1] += 1
        firsts[index + 1] -= 1
        for other in others:
            across[other + 1] += 1
            across[index + 1] -= 1
            if last_before[index] < first_after[other]:
                fitting[last_before[index] + 1] += 1
                fitting[first_after[other] + 1] -= 1
    lasts, firsts, across, fitting = (list(accumulate(column)) for column in (lasts, firsts, across, fitting))
    return [at for at in free if across[at] == fitting[at] == lasts[at] * firsts[at]]


def _candidates(head: list[float], tail: list[float], whole: float, width: int) -> Sequence[int]:
    """The cuts to try: what they lose against their shorter side, and head + tail, in turn."""
    cuts = range(1, len(head) - 1)

    def relative(at: int) -> tuple[float, float]:
        shorter = min(head[at], tail[at])
        lost = head[at] + tail[at] - whole
        return lost / shorter if shorter else lost and inf, abs(head[at] - tail[at])

    if width == 1:
        return (min(cuts, key=relative),)
    by_share = sorted(cuts, key=relative)
    by_sum = sorted(cuts, key=lambda at: (head[at] + tail[at], abs(head[at] - tail[at])))
    return list(dict.fromkeys(at for pair in zip(by_share, by_sum, strict=True) for at in pair))
