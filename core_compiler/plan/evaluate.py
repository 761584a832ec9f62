"""What a plan takes: its makespan on given durations, and how many states it enters.

A plan is turned once into events (a task's end, a fork, a join) with the events each comes after; a schedule is then
one pass over them, so that many durations can be tried on one plan. No recursion: plans nest as deep as graphs do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from types import MappingProxyType
from typing import NamedTuple

from core_compiler.plan.faults import BrokenPlan
from core_compiler.plan.nodes import Await, Each, Finish, Node, Parallel, Run, Series, Until, runs

#: Seconds between a state's being entered and its work: what a transition and a warm Lambda cost.
OVERHEAD = 0.05
#: How many items a mapped task is taken to have where only a run can tell.
EXPECTED_ITEMS = 10
NO_FIRST: Mapping[str, frozenset[str]] = MappingProxyType({})


class Schedule(NamedTuple):
    """Seconds from the start of the execution, by task id; `makespan` is when the last task ends."""

    makespan: float
    starts: Mapping[str, float]
    ends: Mapping[str, float]


class Timing:
    """A plan, ready to be timed with any durations. Raises BrokenPlan where an order is circular: a deadlock.

    `first`: tasks that wait for the first of some, as `early.first_of` has them; without it, they wait for all.
    """

    def __init__(self, plan: Node, first: Mapping[str, frozenset[str]] = NO_FIRST) -> None:
        self.tasks = tuple(runs(plan))
        count = len(self.tasks)
        self._number = {task: index for index, task in enumerate(self.tasks)}
        #: Event i < count is the end of task i; the others are forks, joins and ends of steps.
        self._before: list[list[int]] = [[] for _ in range(count)]
        self._entered = [1] * count
        #: How often a task's seconds pass: the items of a mapped task take turns where not all can run at once.
        self._turns = [1] * count
        self._firsts, self._first = first, dict[int, list[int]]()
        self._link(plan)
        self._order = event_order(
            [[*others, *self._first.get(event, ())] for event, others in enumerate(self._before)]
            if self._first
            else self._before
        )

    def schedule(self, durations: Mapping[str, float], overhead: float = OVERHEAD) -> Schedule:
        """When each task starts and ends with these durations (seconds) and so many seconds for each state entered."""
        seconds = self._in_turns([durations[task] for task in self.tasks])
        ends = self._ends(seconds, overhead)
        count = len(seconds)
        return Schedule(
            makespan=max(ends[:count], default=0.0),
            starts={task: end - own for task, end, own in zip(self.tasks, ends, seconds, strict=False)},
            ends=dict(zip(self.tasks, ends, strict=False)),
        )

    def makespan(self, seconds: Sequence[float], overhead: float = OVERHEAD) -> float:
        """When the last task ends; `seconds` in the order of `tasks`."""
        return max(self._ends(self._in_turns(seconds), overhead)[: len(seconds)], default=0.0)

    def _in_turns(self, seconds: Sequence[float]) -> list[float]:
        return [own * turns for own, turns in zip(seconds, self._turns, strict=True)]

    def _ends(self, seconds: Sequence[float], overhead: float) -> list[float]:
        return event_ends(self._order, self._before, self._entered, seconds, overhead, self._first)

    def _event(self, entered: int, *before: int) -> int:
        self._before.append(list(before))
        self._entered.append(entered)
        return len(self._before) - 1

    def _link(self, plan: Node) -> None:
        # A node to place, the event it comes after, and the event that comes after it.
        stack: list[tuple[Node, int, int]] = [(plan, self._event(1), self._event(0))]
        while stack:
            node, entry, leave = stack.pop()
            match node:
                case Run(task):
                    self._before[self._number[task]].append(entry)
                    self._before[leave].append(self._number[task])
                case Finish():
                    self._before[leave].append(entry)
                case Await(task, others, until):
                    event = self._event(1, entry)
                    self._before[leave].append(event)
                    loose = self._firsts.get(task, frozenset()) if until is Until.DECIDED else frozenset[str]()
                    known = {other: self._number[other] for other in others if other in self._number}
                    self._before[event] += [number for other, number in known.items() if other not in loose]
                    # Where one of them has ended before, nothing is waited for.
                    if loose and loose <= known.keys():
                        self._first[event] = [known[other] for other in sorted(loose)]
                case Series(steps):
                    for step in steps:
                        following = self._number[step.task] if isinstance(step, Run) else self._event(0)
                        if isinstance(step, Run):
                            self._before[following].append(entry)
                        else:
                            stack.append((step, entry, following))
                        entry = following
                    self._before[leave].append(entry)
                case Each(tasks=tasks, body=body):
                    # Taken as one item, or as one turn of them after the other.
                    stack.append((body, self._event(around(node), entry), leave))
                    for task in tasks:
                        self._turns[self._number[task]] = turns(node)
                case Parallel(branches):
                    fork = self._event(1, entry)
                    stack.extend((branch, fork, leave) for branch in branches)


def around(each: Each) -> int:
    """States around the items of a mapped task: the decision and a choice where they are not known, Map and record."""
    return 2 + int(not each.size) + int(each.size is None)


def turns(each: Each) -> int:
    """How many items follow each other where not all may run at once."""
    size = EXPECTED_ITEMS if each.size is None else each.size
    return max(1, ceil(size / (each.limit or size or 1)))


def makespan(plan: Node, durations: Mapping[str, float], overhead: float = OVERHEAD) -> float:
    """When the last task of the plan ends, in seconds from its start."""
    return Timing(plan).schedule(durations, overhead).makespan


def transitions(plan: Node) -> int:
    """How many states a run enters in which nothing fails, the start state left out."""
    entered = 0
    stack: list[Node] = [plan]
    while stack:
        match stack.pop():
            case Run() | Await() | Finish():
                entered += 1
            case Each(body=body) as each:
                entered += around(each)
                stack.append(body)
            case Series(inner):
                stack.extend(inner)
            case Parallel(inner):
                entered += 1
                stack.extend(inner)
    return entered


def event_ends(
    order: Sequence[int],
    before: Sequence[Sequence[int]],
    entered: Sequence[int],
    seconds: Sequence[float],
    overhead: float,
    first: Mapping[int, Sequence[int]] = MappingProxyType({}),
) -> list[float]:
    """When each event ends that comes after those `before` it, with `overhead` for each state `entered` in it.

    The first events are tasks, and take their own `seconds` too. `order` is one in which events can happen. An event in
    `first` comes after the one of these that ends first, too.
    """
    costs = [states * overhead for states in entered]
    costs[: len(seconds)] = [cost + own for cost, own in zip(costs, seconds, strict=False)]
    ends = [0.0] * len(costs)
    for event in order:
        start = 0.0
        for other in before[event]:
            if ends[other] > start:
                start = ends[other]
        if first and event in first:
            start = max(start, min(ends[other] for other in first[event]))
        ends[event] = start + costs[event]
    return ends


def event_order(before: Sequence[Sequence[int]]) -> list[int]:
    """The events in an order in which they can happen. Raises BrokenPlan where there is none."""
    after: list[list[int]] = [[] for _ in before]
    missing = [len(others) for others in before]
    for event, others in enumerate(before):
        for other in others:
            after[other].append(event)
    order = [event for event, count in enumerate(missing) if not count]
    for event in order:
        for following in after[event]:
            missing[following] -= 1
            if not missing[following]:
                order.append(following)
    if len(order) < len(before):
        raise BrokenPlan("the plan waits for itself")
    return order
