"""What is refused in files of Airflow 2 alone, once a DAG's tasks are known."""

from __future__ import annotations

from collections.abc import Sequence

from core_compiler.ir import Branch, Task, TriggerRule
from transpilers.airflow import mapping_rules, rules
from transpilers.airflow.uses import Site

#: Under these Airflow 2 looks at all items of what is before a task of a mapped group, where Airflow 3 pairs them, or
#: decides the task before it has items (`ti_deps/deps/trigger_rule_dep.py`).
OTHERWISE = frozenset(
    {
        TriggerRule.ONE_SUCCESS,
        TriggerRule.ONE_FAILED,
        TriggerRule.ONE_DONE,
        TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS,
    }
)


def check_second(tasks: Sequence[Task], site: Site) -> None:
    """File what Airflow 2 does not know or does otherwise."""
    mapped = {task.id: task.mapping for task in tasks if task.mapping is not None}
    for task in tasks:
        own = site._replace(subject=task.id)
        if task.rule is TriggerRule.ALL_DONE_MIN_ONE_SUCCESS:
            own.report(rules.VALUE, argument="trigger_rule", reason="is not one of Airflow 2's trigger rules")
        if task.mapping is not None and task.mapping.group and task.rule in OTHERWISE:
            reason = f"it is in a mapped group, where Airflow 2 decides the rule {task.rule.value} by other items"
            own.report(mapping_rules.SECOND, reason=reason)
        for name in task.decision.targets if isinstance(task.decision, Branch) else ():
            if name in mapped and mapped[name].size() is not None:
                reason = f"it may skip {name!r}, whose items are there from the start: Airflow 2 runs them all the same"
                own.report(mapping_rules.SECOND, reason=reason)
