"""Whether a plan starts tasks later than their rules would."""

from __future__ import annotations

from core_compiler.ir import EARLY_RULES, Task, TriggerRule, Workflow
from core_compiler.plan.nodes import Node
from core_compiler.plan.order import before, places


def starts_late(plan: Node, workflow: Workflow) -> Task | None:
    """The first task with an early rule that the plan puts after all of its upstream tasks.

    A single upstream task decides such a rule with its end, but for `always`, which asks for none.
    """
    where = dict(places(plan).runs)
    for task in workflow.tasks:
        upstream = task.upstream or ()
        fewest = 1 if task.rule is TriggerRule.ALWAYS else 2
        if task.rule not in EARLY_RULES or len(upstream) < fewest:
            continue
        if all(before(where[name], where[task.id]) for name in upstream):
            return task
    return None
