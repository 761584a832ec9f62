"""What became of one workflow, in words that both sides share."""

from __future__ import annotations

import msgspec

#: The logical date of the run that is compared, and the time from which it may start: the same on both sides.
DATE = "2026-01-01T00:00:00+00:00"


class TaskOutcome(msgspec.Struct, frozen=True):
    """A task's final state (None: it never came to one) and how many tries it took (0: it never started)."""

    state: str | None
    tries: int


class Outcome(msgspec.Struct, frozen=True):
    """A finished run: `state` is success or failed; `values` are by task and key, in the store's codec; `skips` are
    the tasks that a task's decision skipped, sorted."""

    state: str
    tasks: dict[str, TaskOutcome]
    values: dict[str, dict[str, object]]
    skips: dict[str, tuple[str, ...]] = {}
