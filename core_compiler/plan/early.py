"""Tasks whose rules may be decided early: what decides them, and whether a plan starts them later than that."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from core_compiler.ir import Task, TriggerRule, Workflow
from core_compiler.plan.nodes import Node
from core_compiler.plan.order import before, loose_upstream, places


class Decided(Enum):
    """When a rule is decided in a run in which nothing fails: before, with the first, or with the last of the tasks
    that it may be decided without.
    """

    AT_ONCE = "at once"
    FIRST = "first"
    LAST = "last"


_DECIDED: Mapping[TriggerRule, Decided] = {
    TriggerRule.ALWAYS: Decided.AT_ONCE,
    TriggerRule.ONE_SUCCESS: Decided.FIRST,
    TriggerRule.ONE_DONE: Decided.FIRST,
    TriggerRule.ONE_FAILED: Decided.LAST,
}


def decided(task: Task) -> Decided:
    """When the early rule of a task is decided if nothing fails. A single upstream task is first and last."""
    return _DECIDED[task.rule]


def is_early(task: Task) -> bool:
    """Whether its rule may be decided before all of its upstream tasks are done."""
    fewest = 1 if task.rule is TriggerRule.ALWAYS else 2
    return len(task.upstream or ()) >= fewest and bool(loose_upstream(task))


def first_of(workflow: Workflow) -> Mapping[str, frozenset[str]]:
    """The tasks that start with the first of some, if nothing fails, and those."""
    return {
        task.id: loose
        for task in workflow.tasks
        if is_early(task) and decided(task) is Decided.FIRST and (loose := loose_upstream(task))
    }


def starts_late(plan: Node, workflow: Workflow) -> Task | None:
    """The first task with an early rule that the plan puts after all of its upstream tasks.

    A single upstream task decides such a rule with its end, but for `always`, which asks for none.
    """
    where = dict(places(plan).runs)
    for task in workflow.tasks:
        if is_early(task) and all(before(where[name], where[task.id]) for name in task.upstream or ()):
            return task
    return None
