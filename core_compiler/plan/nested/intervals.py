"""The best series-parallel tree along one linear extension: an interval dynamic program, bounded in time.

A connected set of tasks that no exact cut divides is cut where that costs least: the tasks before the cut in the
extension, then those after it. The cost of a cut is at least head + tail, the longest chain before it and the longest
after it; cuts are tried by what they lose, set against the shorter of the two, and by head + tail in turn (by head +
tail alone the search falls for lopsided cuts: 6.95 times the critical path on a shuffle of 10,000 tasks). A layering of
the set is the floor, so that no part is worse than layers.

Searches along several extensions share what they find in a `Memory`: a set that an earlier one met has that one's tree
as its floor, so that parts that different extensions are good at come together in one tree.

Sets are ascending lists of positions in the extension. They stay convex, so a cut in the middle of one is exact iff
each task before it comes before each after it; in a transitive reduction that shows in the edges across: all lead from
the last tasks to the first ones, and there are as many as pairs of these.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from itertools import accumulate, pairwise
from math import inf
from typing import NamedTuple

from core_compiler.plan.nested.remembered import Memory
from core_compiler.plan.nested.trees import Tree, fork, row

#: Cuts tried of a set that an earlier search has met.
_AGAIN = 2
_CLOSE = 1e-9


class Solved(NamedTuple):
    """A tree and its seconds; `final` where no search would find a better one in this extension.

    Without a tree faster than `bound`, what is sought, `seconds` are infinite.
    """

    seconds: float
    tree: Tree
    final: bool
    target: float
    bound: float


Search = Generator["Search", Solved, Solved]


class Intervals:
    """The search along one extension.

    `before`: for each position, the positions it comes directly after, all of them smaller. `width`: how many cuts of
    a set are tried while `budget`, the number of positions looked at, lasts; after that one, and after `limit`
    positions sets are layered. Without `floor` none ever is, and all order that is added is the extension's. With a
    `memory` trees are over its nodes, of which `order` has one for each position, else over positions.
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
        memory: Memory | None = None,
        order: Sequence[int] = (),
    ) -> None:
        self._floor = floor
        self._memory = memory
        self._order = order if memory else range(len(before))
        self._before, self._seconds = before, seconds
        self._width, self._budget, self._limit = width, budget, limit
        self._memo: dict[tuple[int, ...], Solved] = {}
        self._owner = [-1] * len(before)
        self._place = [0] * len(before)
        self._sets = 0
        self.looked_at = 0

    def best(self, target: float = 0.0, bound: float = inf) -> Solved:
        """The best tree that was found for all positions; the search stops at one of `target` seconds.

        It looks for none that takes `bound` seconds or more: where it finds no other, `seconds` are infinite.
        """
        everything = list(range(len(self._before)))
        answer = self._known(everything, target, bound)
        stack: list[Search] = [] if answer else [self._solve(everything, target, bound)]
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

    def _known(self, nodes: list[int], target: float, bound: float) -> Solved | None:
        if len(nodes) == 1:
            return Solved(self._seconds[nodes[0]], self._order[nodes[0]], True, target, bound)
        known = self._memo.get(tuple(nodes)) if self._width > 1 else None
        # What was sought with a lower target and a higher bound was sought harder.
        if known is not None and (
            known.final or known.seconds <= target or (known.target <= target and known.bound >= bound)
        ):
            return known
        return None

    def _solve(self, nodes: list[int], target: float, bound: float) -> Search:
        self.looked_at += len(nodes)
        local = self._local(nodes)
        heads = _heads(local, [self._seconds[node] for node in nodes])
        if max(heads) >= bound:
            found = _nothing(target, bound)
        elif len(parts := _components(local)) > 1:
            found = yield from self._side_by_side(nodes, parts, heads, target, bound)
        else:
            found = yield from self._connected(nodes, local, heads, target, bound)
        if self._width > 1:
            key = tuple(nodes)
            known = self._memo.get(key)
            if known is not None and known.seconds < found.seconds:
                found = known._replace(target=target, bound=bound)
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

    def _side_by_side(
        self, nodes: list[int], parts: list[list[int]], heads: list[float], target: float, bound: float
    ) -> Search:
        heights = [max([heads[index] for index in part]) for part in parts]
        # The hardest first: the others only need to get under it.
        order = sorted(range(len(parts)), key=lambda index: -heights[index])
        longest = 0.0
        trees: list[Tree] = []
        for number in order:
            inner, enough = [nodes[index] for index in parts[number]], max(target, longest)
            solved = self._known(inner, enough, bound) or (yield self._solve(inner, enough, bound))
            longest = max(longest, solved.seconds)
            if longest >= bound:
                return _nothing(target, bound)
            trees.append(solved.tree)
        return Solved(longest, fork(trees), longest <= heights[order[0]] + _CLOSE, target, bound)

    def _connected(
        self, nodes: list[int], local: list[list[int]], heads: list[float], target: float, bound: float
    ) -> Search:
        seconds = [self._seconds[node] for node in nodes]
        head = [0.0, *accumulate(heads, max)]
        whole = head[-1]
        tail = _longest_after(local, seconds)
        count = len(nodes)
        free = [at for at in range(1, count) if head[at] + tail[at] <= whole + _CLOSE]
        exact = _exact_cuts(local, free) if free else []
        if exact:
            return (yield from self._in_a_row(nodes, [0, *exact, count], tail, target, bound))
        mine, before = 0, None
        if self._memory is not None:
            mine = self._memory.key([self._order[node] for node in nodes])
            before = self._memory.get(mine)
        best, tree = bound, None
        if before is not None:
            if before.seconds < bound:
                best, tree = before
        elif self._floor:
            levels = _levels(local)
            layered = _seconds_of_layers(levels, seconds)
            if layered < bound:
                best, tree = layered, _layered([self._order[node] for node in nodes], levels)
        tried, complete = 0, True
        width = self._width if self.looked_at < self._budget else 1
        if before is not None:
            width = min(width, _AGAIN)
        wanted = max(whole, target) + _CLOSE
        search = not self._floor or self.looked_at < self._limit
        for at in _candidates(head, tail, whole, width, best) if search else ():
            if best <= wanted:
                break
            if head[at] + tail[at] >= best - _CLOSE:
                continue
            if tried == width:
                complete = False
                break
            tried += 1
            inner, room = nodes[:at], best - tail[at]
            first = self._known(inner, head[at], room) or (yield self._solve(inner, head[at], room))
            if first.seconds + tail[at] >= best - _CLOSE:
                continue
            inner, room = nodes[at:], best - first.seconds
            second = self._known(inner, tail[at], room) or (yield self._solve(inner, tail[at], room))
            if first.seconds + second.seconds < best - _CLOSE:
                best, tree = first.seconds + second.seconds, row((first.tree, second.tree))
        if tree is None:
            return _nothing(target, bound)
        if self._memory is not None and (before is None or best < before.seconds):
            self._memory.put(mine, best, tree)
        final = best <= whole + _CLOSE or (complete and width > 1 and best > target)
        return Solved(best, tree, final, target, bound)

    def _in_a_row(self, nodes: list[int], cuts: list[int], tail: list[float], target: float, bound: float) -> Search:
        spent, trees, final = 0.0, list[Tree](), True
        for first, last in pairwise(cuts):
            inner, rest = nodes[first:last], tail[last] + spent
            enough, room = max(0.0, target - rest), bound - rest
            solved = self._known(inner, enough, room) or (yield self._solve(inner, enough, room))
            spent += solved.seconds
            if spent + tail[last] >= bound:
                return _nothing(target, bound)
            final = final and solved.final
            trees.append(solved.tree)
        return Solved(spent, row(trees), final, target, bound)


def _nothing(target: float, bound: float) -> Solved:
    return Solved(inf, -1, False, target, bound)


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
        level = -1
        for other in others:
            if levels[other] > level:
                level = levels[other]
        levels.append(level + 1)
    return levels


def _seconds_of_layers(levels: list[int], seconds: list[float]) -> float:
    longest = [0.0] * (max(levels) + 1)
    for level, own in zip(levels, seconds, strict=True):
        if own > longest[level]:
            longest[level] = own
    return sum(longest)


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


def _candidates(head: list[float], tail: list[float], whole: float, width: int, best: float) -> Sequence[int]:
    """The cuts to try: what they lose against their shorter side, and head + tail, in turn."""
    cuts = [at for at in range(1, len(head) - 1) if head[at] + tail[at] < best - _CLOSE]

    def relative(at: int) -> tuple[float, float]:
        shorter = min(head[at], tail[at])
        lost = head[at] + tail[at] - whole
        return lost / shorter if shorter else lost and inf, abs(head[at] - tail[at])

    if width == 1:
        return (min(cuts, key=relative),) if cuts else ()
    by_share = sorted(cuts, key=relative)
    by_sum = sorted(cuts, key=lambda at: (head[at] + tail[at], abs(head[at] - tail[at])))
    return list(dict.fromkeys(at for pair in zip(by_share, by_sum, strict=True) for at in pair))
