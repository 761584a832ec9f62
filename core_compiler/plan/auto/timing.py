"""Plans in the making as events with the events each comes after, so that one pass over them times a plan.

The events of a tree are the ends of its leaves and its forks; awaits only add to what an event comes after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core_compiler.plan.early import Decided
from core_compiler.plan.evaluate import OVERHEAD, event_ends, event_order
from core_compiler.plan.nested.graph import NO_EARLY, Early
from core_compiler.plan.nested.trees import Inner, Tree, flat


class TreeTiming:
    """A tree and what its leaves await, ready to be timed with any durations.

    `before`: the direct predecessors of each leaf 0 to n-1 in the graph. Those that the tree does not put before a leaf
    are awaited, in one state more; so are those without which the rule of an `early` leaf may be decided. `late`: how
    many of these start after all of them. Raises BrokenPlan where that is circular.
    """

    def __init__(self, tree: Tree, before: Sequence[Sequence[int]], early: Mapping[int, Early] = NO_EARLY) -> None:
        self.forks = self.late = 0
        self._before: list[list[int]] = [[] for _ in before]
        self._entered = [1] * len(before)
        self._link(tree)
        self.awaited = awaited_in(tree, before)
        for leaf, others in self.awaited.items():
            self._entered[leaf] = 2
            self._before[leaf].extend(others)
        #: What each event comes after at worst, where a rule that may be decided with the first is so with the last.
        self._latest = self._before
        self._first: dict[int, Sequence[int]] = {}
        if early:
            self._watch(early, places(tree, len(before)))
        self._order = event_order(self._latest)
        self.awaits = self._entered.count(2)
        self.transitions = len(before) + self.forks + self.awaits

    def ends(self, seconds: Sequence[float], overhead: float = OVERHEAD, *, at_worst: bool = False) -> list[float]:
        """When each leaf ends; `at_worst`, if each rule is decided with the last task that it looks at."""
        before, first = (self._latest, {}) if at_worst else (self._before, self._first)
        return event_ends(self._order, before, self._entered, seconds, overhead, first)[: len(seconds)]

    def makespan(self, seconds: Sequence[float], overhead: float = OVERHEAD) -> float:
        """When the last leaf ends."""
        return max(self.ends(seconds, overhead))

    def climbs(self, level: Sequence[int]) -> bool:
        """Whether each leaf comes after none but leaves of lower levels."""
        highest = [-1] * len(self._latest)
        for event in self._order:
            highest[event] = max((highest[other] for other in self._latest[event]), default=-1)
            if event < len(level):
                if highest[event] >= level[event]:
                    return False
                highest[event] = level[event]
        return True

    def _watch(self, early: Mapping[int, Early], where: Sequence[tuple[int, int]]) -> None:
        self._latest = [*self._before]
        for leaf, (others, decided) in early.items():
            x, y = where[leaf]
            beside = [other for other in others if where[other][0] > x or where[other][1] > y]
            self.late += not beside
            if decided is Decided.AT_ONCE or not beside:
                continue
            self._entered[leaf] = 2
            self._latest[leaf] = [*self._before[leaf], *beside]
            if decided is Decided.LAST:
                self._before[leaf] = self._latest[leaf]
            elif len(beside) == len(others):
                self._first[leaf] = beside

    def _link(self, tree: Tree) -> None:
        # A tree, the event it comes after (-1: the start), and the event that comes after it (-1: the end).
        stack: list[tuple[Tree, int, int]] = [(tree, -1, -1)]
        while stack:
            part, entry, leave = stack.pop()
            if isinstance(part, int):
                self._after(part, entry)
                self._after(leave, part)
            elif part.kind == "series":
                for step in part.parts[:-1]:
                    following = step if isinstance(step, int) else self._event(0)
                    if isinstance(step, int):
                        self._after(step, entry)
                    else:
                        stack.append((step, entry, following))
                    entry = following
                stack.append((part.parts[-1], entry, leave))
            else:
                fork = self._event(1)
                self.forks += 1
                self._after(fork, entry)
                stack.extend((branch, fork, leave) for branch in flat(part))

    def _event(self, entered: int) -> int:
        self._before.append([])
        self._entered.append(entered)
        return len(self._before) - 1

    def _after(self, event: int, other: int) -> None:
        if event >= 0 and other >= 0:
            self._before[event].append(other)


def awaited_in(tree: Tree, before: Sequence[Sequence[int]]) -> dict[int, list[int]]:
    """The direct predecessors of each leaf that a tree does not put before it."""
    where = places(tree, len(before))
    found: dict[int, list[int]] = {}
    for leaf, others in enumerate(before):
        x, y = where[leaf]
        awaited = [other for other in others if where[other][0] > x or where[other][1] > y]
        if awaited:
            found[leaf] = awaited
    return found


def places(tree: Tree, n: int) -> list[tuple[int, int]]:
    """Where each leaf stands, read from left to right, and read so but with branches from right to left.

    One comes before another iff it does in both readings.
    """
    first, second = [0] * n, [0] * n
    for mirrored, column in ((False, first), (True, second)):
        stack: list[Tree] = [tree]
        number = 0
        while stack:
            part = stack.pop()
            if isinstance(part, Inner):
                stack.extend(part.parts if mirrored and part.kind == "parallel" else reversed(part.parts))
            else:
                column[part] = number
                number += 1
    return list(zip(first, second, strict=True))
