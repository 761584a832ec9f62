"""The verification of a plan, run after every structuring: it runs each task once, implies every edge, and ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from core_compiler.ir import EARLY_RULES, Task, TriggerRule, Workflow
from core_compiler.plan.deadlock import circle
from core_compiler.plan.faults import BrokenPlan
from core_compiler.plan.layers import leaves
from core_compiler.plan.nodes import Await, Each, Finish, Node, Parallel, Series, Until, runs
from core_compiler.plan.order import Place, Places, before, loose_upstream, ordering, places, required
from core_compiler.plan.reach import unreached


def verify_plan(plan: Node, workflow: Workflow) -> None:
    """Raise BrokenPlan unless the plan is sound for `workflow` (before or after reduction).

    Sound: every task runs exactly once; Finish comes once, last, and decides by the workflow's leaves; plan order and
    awaits together have no circle, and imply every edge. A task whose rule may be decided early needs only, for each
    upstream task, to come after it or to wait for the rule with it among the others. An Await stands before its task,
    once, and waits for what the plan runs, and never for one item of several: as few of them may run at once as a limit
    says, and what it waits for may come after it.
    """
    found = places(plan)
    tasks = {task.id: task for task in workflow.tasks}
    where = dict(found.runs)
    faults = [
        *_runs(found, tasks),
        *_ends(found, where),
        *_decides(plan, workflow),
        *_awaits(found.awaits, where, tasks),
    ]
    faults += [f"runs {one!r} without its items" for one in _without_items(plan, workflow)]
    faults += _inside_items(plan)
    if not faults and found.awaits:
        faults += _circles(plan)
    if not faults:
        faults += _edges(plan, found, where, tasks, workflow)
    if faults:
        raise BrokenPlan("the plan " + "; ".join(faults))


def _runs(found: Places, tasks: Mapping[str, Task]) -> Iterator[str]:
    times = Counter(task for task, _ in found.runs)
    yield from (f"runs {task!r} {count} times" for task, count in times.items() if count > 1)
    yield from (f"never runs {task!r}" for task in tasks if task not in times)
    yield from (f"runs {task!r}, which is not in the workflow" for task in times if task not in tasks)


def _ends(found: Places, where: Mapping[str, Place]) -> Iterator[str]:
    if len(found.ends) != 1 or not all(before(place, found.ends[0]) for place in where.values()):
        yield "does not end in one Finish after all tasks"


def _decides(plan: Node, workflow: Workflow) -> Iterator[str]:
    """Whatever else is right, a run whose end looks at other tasks tells another status than the source."""
    wanted = set(leaves(workflow))
    stack: list[Node] = [plan]
    while stack:
        match stack.pop():
            case Series(inner) | Parallel(inner):
                stack.extend(inner)
            case Finish(found) if set(found) != wanted:
                different = ", ".join(map(repr, sorted(wanted.symmetric_difference(found))))
                yield f"does not end by the leaves of the workflow: {different}"
            case _:
                pass


def _without_items(plan: Node, workflow: Workflow) -> list[str]:
    """Mapped tasks that are run outside a step over their items, and others that are run inside one."""
    inside: list[str] = []
    stack: list[Node] = [plan]
    while stack:
        match stack.pop():
            case Each(tasks=tasks, body=body):
                inside += tasks if sorted(tasks) == sorted(runs(body)) else ()
            case Series(inner) | Parallel(inner):
                stack.extend(inner)
            case _:
                pass
    return [task.id for task in workflow.tasks if (task.mapping is not None) != (task.id in inside)]


def _inside_items(plan: Node) -> Iterator[str]:
    """Steps that cannot be part of what is run for each item."""
    # A step, and the name of the one over items that it is in.
    stack: list[tuple[Node, str | None]] = [(plan, None)]
    while stack:
        node, inside = stack.pop()
        match node:
            case Await(task) if inside is not None:
                yield f"waits before {task!r} inside {inside!r}, for each item by itself"
            case Each(name=name) if inside is not None:
                yield f"has {name!r} inside {inside!r}"
            case Each(name=name, body=body):
                stack.append((body, name))
            case Series(inner) | Parallel(inner):
                stack.extend((step, inside) for step in inner)
            case _:
                pass


def _awaits(awaits: list[tuple[Await, Place]], where: Mapping[str, Place], tasks: Mapping[str, Task]) -> Iterator[str]:
    times = Counter(step.task for step, _ in awaits)
    yield from (f"waits before {task!r} {count} times" for task, count in times.items() if count > 1)
    for step, place in awaits:
        task = tasks.get(step.task)
        if task is None or step.task not in where or not before(place, where[step.task]):
            yield f"waits for the sake of {step.task!r} and not before it"
            continue
        if not step.others:
            yield f"waits for nothing before {step.task!r}"
        yield from (f"waits for {other!r}, which nothing runs" for other in step.others if other not in where)
        if step.until is Until.DECIDED and task.rule not in EARLY_RULES:
            yield f"waits before {step.task!r} until its rule is decided, which needs all"


def _circles(plan: Node) -> Iterator[str]:
    found = circle(plan)
    if found:
        yield f"waits in a circle: {' -> '.join(found)}"


def _edges(
    plan: Node, found: Places, where: Mapping[str, Place], tasks: Mapping[str, Task], workflow: Workflow
) -> Iterator[str]:
    surely = {step.task: set(required(step, tasks[step.task])) for step, _ in found.awaits}
    watched = {step.task: set(step.others) for step, _ in found.awaits}
    open_ = [
        (up, down)
        for up, down in ordering(workflow)
        if not before(where[up], where[down]) and up not in surely.get(down, ())
    ]
    yield from (f"does not put {up!r} before {down!r}" for up, down in unreached(plan, tasks, open_))
    unwatched = [
        (other, task.id)
        for task in workflow.tasks
        if task.rule is not TriggerRule.ALWAYS
        for other in sorted(loose_upstream(task) - watched.get(task.id, set()))
        if not before(where[other], where[task.id])
    ]
    for other, task in unreached(plan, tasks, unwatched):
        yield f"starts {task!r} without waiting for its rule on {other!r}"
