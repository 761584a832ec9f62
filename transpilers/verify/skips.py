"""The source engine's record of what a task skipped, in the machine's words."""

from __future__ import annotations

from typing import cast

import msgspec

from core_compiler.ir import RETURN_VALUE, Constant, Decision, Workflow
from transpilers.verify.outcome import Outcome

#: Where Airflow keeps it (`providers/standard/utils/skipmixin.py`): all that was skipped, or the direct ones followed.
KEY = "skipmixin_key"


def with_skips(outcome: Outcome, workflow: Workflow) -> Outcome:
    """The same outcome, with what deciding tasks skipped taken out of their values."""
    values = dict(outcome.values)
    skips: dict[str, tuple[str, ...]] = {}
    for task in workflow.tasks:
        if task.decision is None or task.id not in values:
            continue
        own = dict(values[task.id])
        if KEY in own:
            skipped = _skipped(own.pop(KEY), task.decision)
            skips |= {task.id: tuple(sorted(skipped))} if skipped else {}
        if isinstance(task.component, Constant):
            known, found = _names(task.component.value), _names(own.get(RETURN_VALUE))
            if known is not None and found is not None and sorted(known) == sorted(found):
                # The engine makes this list out of a set, whose order differs between two of its processes.
                own[RETURN_VALUE] = known
        values[task.id] = own
    return msgspec.structs.replace(outcome, values={task: own for task, own in values.items() if own}, skips=skips)


def _skipped(record: object, decision: Decision) -> frozenset[str]:
    found = cast("dict[str, object]", record) if isinstance(record, dict) else {}
    followed = _names(found.get("followed"))
    if followed is not None:
        return frozenset(decision.targets) - frozenset(followed)
    return frozenset(_names(found.get("skipped")) or ())


def _names(value: object) -> list[str] | None:
    return [str(name) for name in cast("list[object]", value)] if isinstance(value, list) else None
