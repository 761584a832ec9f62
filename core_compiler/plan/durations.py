"""How long tasks take, as far as it is known before they run."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from core_compiler.ir import Calendar, Constant, NoOp, Task, TriggerRule, Workflow

#: Seconds of a task that runs code about which nothing is known, and of one that runs none.
UNKNOWN_SECONDS, QUICK_SECONDS = 10.0, 0.1
#: Rules by which a task is skipped in a run in which nothing fails.
_AFTER_FAILURES = frozenset({TriggerRule.ONE_FAILED, TriggerRule.ALL_FAILED})
#: How far such a task may be off: the standard deviation of the logarithm of the ratio to the guess.
UNKNOWN_SPREAD = 1.0


class Durations(msgspec.Struct, frozen=True):
    """Seconds by task id, for every task, and how far they may be off.

    `spread` is the standard deviation of log(real / given): 0 means that they are exact, 1 that a factor of 2.7 either
    way is common.
    """

    seconds: Mapping[str, float]
    spread: float = 0.0


def guessed(workflow: Workflow) -> Durations:
    """What to assume where nothing was measured: a task's own `duration` if it has one, else one by its component."""
    known = all(task.duration is not None for task in workflow.tasks)
    return Durations({task.id: _guess(task) for task in workflow.tasks}, 0.0 if known else UNKNOWN_SPREAD)


def _guess(task: Task) -> float:
    if task.duration is not None:
        return task.duration
    runs_nothing = isinstance(task.component, NoOp | Constant | Calendar) or task.rule in _AFTER_FAILURES
    usual = QUICK_SECONDS if runs_nothing else UNKNOWN_SECONDS
    return usual if task.timeout is None else min(usual, task.timeout)
