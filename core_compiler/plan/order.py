"""The order that a plan enforces: where its tasks stand, and its starts and ends as a graph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core_compiler.ir import EARLY_RULES, Task, TriggerRule, Workflow
from core_compiler.ir.decisions import ORDERING_GATES
from core_compiler.plan.nodes import Await, Each, Finish, Node, Parallel, Run, Series, Until

#: Where a leaf of the plan stands, read from left to right, and read so but with the branches from right to left.
Place = tuple[int, int]


class Places(NamedTuple):
    """Where the steps of a plan stand."""

    runs: list[tuple[str, Place]]
    awaits: list[tuple[Await, Place]]
    ends: list[Place]


def places(plan: Node) -> Places:
    """Where the steps of a plan stand, in plan order."""
    found = Places([], [], [])
    backwards = {id(leaf): number for number, leaf in enumerate(_leaves(plan, mirrored=True))}
    for number, leaf in enumerate(_leaves(plan, mirrored=False)):
        place = number, backwards[id(leaf)]
        match leaf:
            case Run(task):
                found.runs.append((task, place))
            case Await():
                found.awaits.append((leaf, place))
            case Finish():
                found.ends.append(place)
    return found


def _leaves(plan: Node, *, mirrored: bool) -> Iterator[Run | Await | Finish]:
    stack: list[Node] = [plan]
    while stack:
        match stack.pop():
            case (Run() | Await() | Finish()) as leaf:
                yield leaf
            case Each(body=body):
                stack.append(body)
            case Series(steps):
                stack.extend(reversed(steps))
            case Parallel(branches):
                stack.extend(branches if mirrored else reversed(branches))


def before(first: Place, second: Place) -> bool:
    """Whether the plan ends the one before it starts the other.

    The order of a series-parallel plan has dimension two: it is what both ways to read the plan agree upon.
    """
    return first[0] < second[0] and first[1] < second[1]


def ordering(workflow: Workflow) -> list[tuple[str, str]]:
    """The edges that a plan has to keep, as pairs of ids: all but those a rule may be decided without."""
    loose = {task.id: loose_upstream(task) for task in workflow.tasks if task.rule in EARLY_RULES}
    none: frozenset[str] = frozenset()
    return [
        (edge.upstream, edge.downstream)
        for edge in workflow.edges
        if edge.upstream not in loose.get(edge.downstream, none)
    ]


def loose_upstream(task: Task) -> frozenset[str]:
    """The upstream tasks without which the rule of `task` may be decided; not those that are gates too."""
    if task.rule not in EARLY_RULES:
        return frozenset()
    return frozenset(task.upstream or ()) - {gate.task for gate in task.gates if gate.kind in ORDERING_GATES}


def required(step: Await, task: Task) -> tuple[str, ...]:
    """Those of an Await's others that are surely done when it ends. `task` is the one that waits."""
    if step.until is Until.ALL:
        return step.others
    loose = loose_upstream(task)
    return tuple(other for other in step.others if other not in loose)


def only_upstream(task: Task) -> tuple[str, ...]:
    """The upstream task that every rule but `always` needs, since it is the only one."""
    upstream = task.upstream or ()
    early = task.rule in EARLY_RULES and task.rule is not TriggerRule.ALWAYS
    return upstream if early and len(upstream) == 1 else ()
