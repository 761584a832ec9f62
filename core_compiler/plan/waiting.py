"""From a plan that leaves out some edges to one that waits for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from core_compiler.ir import EARLY_RULES, Task, TriggerRule, Workflow
from core_compiler.plan.nodes import Await, Each, Finish, Node, Parallel, Run, Series, Until
from core_compiler.plan.order import before, loose_upstream, ordering, places


def with_awaits(plan: Node, workflow: Workflow, edges: Iterable[tuple[str, str]] | None = None) -> Node:
    """Put an Await before each task with an upstream task that the plan does not put before it.

    `workflow` is reduced. A task whose rule may be decided early waits until that. `edges`: what implies all of the
    order that has to be kept, if that is less than its own edges.
    """
    where = dict(places(plan).runs)
    others: dict[str, dict[str, None]] = {}
    for up, down in ordering(workflow) if edges is None else edges:
        if not before(where[up], where[down]):
            others.setdefault(down, {})[up] = None
    steps = {task: Await(task, tuple(names)) for task, names in others.items()}
    for task in workflow.tasks:
        if task.rule in EARLY_RULES and task.rule is not TriggerRule.ALWAYS:
            loose = loose_upstream(task)
            beside = [name for name in task.upstream or () if not before(where[name], where[task.id])]
            watched = [name for name in beside if name in loose]
            if watched:
                steps[task.id] = _early(task, (*others.get(task.id, ()), *watched))
    return _placed(plan, steps)


def _early(task: Task, others: tuple[str, ...]) -> Await:
    return Await(task.id, tuple(dict.fromkeys(others)), Until.ALL if len(task.upstream or ()) == 1 else Until.DECIDED)


def _placed(plan: Node, steps: Mapping[str, Await]) -> Node:
    # From the leaves up, without recursion: plans nest as deep as graphs do.
    made: list[Node] = []
    stack: list[tuple[Node, bool]] = [(plan, False)]
    while stack:
        node, opened = stack.pop()
        match node:
            case Run(task):
                made.append(Series((steps[task], node)) if task in steps else node)
            case Await() | Each() | Finish():
                made.append(node)
            case Series(inner) | Parallel(inner):
                if not opened:
                    stack.append((node, True))
                    stack.extend((step, False) for step in reversed(inner))
                    continue
                parts = made[len(made) - len(inner) :]
                del made[len(made) - len(inner) :]
                made.append(Parallel(tuple(parts)) if isinstance(node, Parallel) else _joined(parts))
            case _:
                assert_never(node)
    return made[0]


def _joined(parts: Sequence[Node]) -> Series:
    steps: list[Node] = []
    for part in parts:
        steps += part.steps if isinstance(part, Series) else (part,)
    return Series(tuple(steps))
