"""The verification of a plan, run after every structuring: it runs each task once and implies every edge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from core_compiler.ir import EARLY_RULES, Workflow
from core_compiler.plan.faults import BrokenPlan
from core_compiler.plan.nodes import Finish, Node, Parallel, Run, Series

#: Where a leaf of the plan stands, read from left to right, and read so but with the branches from right to left.
Place = tuple[int, int]


def verify_plan(plan: Node, workflow: Workflow) -> None:
    """Raise BrokenPlan unless the plan is sound for `workflow` (before or after reduction).

    Sound: every task runs exactly once; for every edge, the innermost node that holds both ends is a Series with the
    upstream task in an earlier step; Finish comes once, last. An edge into a task whose rule may be decided early is
    not demanded (the task may start before that upstream is done).
    """
    places: list[tuple[str, Place]] = []
    ends: list[Place] = []
    _walk(plan, places, ends)
    times = Counter(task for task, _ in places)
    faults = [f"runs {task!r} {count} times" for task, count in times.items() if count > 1]
    faults += [f"never runs {task.id!r}" for task in workflow.tasks if task.id not in times]
    faults += [f"runs {task!r}, which is not in the workflow" for task in times.keys() - {t.id for t in workflow.tasks}]
    place = dict(places)
    if len(ends) != 1 or not all(_before(where, ends[0]) for where in place.values()):
        faults.append("does not end in one Finish after all tasks")
    early = {task.id for task in workflow.tasks if task.rule in EARLY_RULES}
    for edge in workflow.edges:
        both = edge.upstream in place and edge.downstream in place
        if both and edge.downstream not in early and not _before(place[edge.upstream], place[edge.downstream]):
            faults.append(f"does not put {edge.upstream!r} before {edge.downstream!r}")
    if faults:
        raise BrokenPlan("the plan " + "; ".join(faults))


def _walk(plan: Node, places: list[tuple[str, Place]], ends: list[Place]) -> None:
    backwards = {id(leaf): number for number, leaf in enumerate(_leaves(plan, mirrored=True))}
    for number, leaf in enumerate(_leaves(plan, mirrored=False)):
        place = number, backwards[id(leaf)]
        match leaf:
            case Run(task):
                places.append((task, place))
            case Finish():
                ends.append(place)


def _leaves(plan: Node, *, mirrored: bool) -> Iterator[Run | Finish]:
    stack: list[Node] = [plan]
    while stack:
        match stack.pop():
            case (Run() | Finish()) as leaf:
                yield leaf
            case Series(steps):
                stack.extend(reversed(steps))
            case Parallel(branches):
                stack.extend(branches if mirrored else reversed(branches))


def _before(first: Place, second: Place) -> bool:
    """Whether the plan ends the one before it starts the other.

    The order of a series-parallel plan has dimension two: it is what both ways to read the plan agree upon.
    """
    return first[0] < second[0] and first[1] < second[1]
