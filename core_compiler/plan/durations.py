"""How long tasks take, as far as it is known before they run."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from core_compiler.ir import Workflow

#: Seconds of a task about which nothing is known.
UNKNOWN_SECONDS = 10.0
#: How far such a task may be off: the standard deviation of the logarithm of the ratio to the guess.
UNKNOWN_SPREAD = 1.0


class Durations(msgspec.Struct, frozen=True):
    """Seconds by task id, for every task, and how far they may be off.

    `spread` is the standard deviation of log(real / given): 0 means that they are exact, 1 that a factor of 2.7 either
    way is common.
    """

    seconds: Mapping[str, float]
    spread: float = 0.0


def equal_durations(workflow: Workflow) -> Durations:
    """Every task alike, and nothing sure: what to assume where nothing is known. A task's own `duration` stands."""
    guessed = {task.id: UNKNOWN_SECONDS if task.duration is None else task.duration for task in workflow.tasks}
    known = all(task.duration is not None for task in workflow.tasks)
    return Durations(guessed, 0.0 if known else UNKNOWN_SPREAD)
