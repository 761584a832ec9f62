"""How long a task has been waited for, and how long until the next look."""

from __future__ import annotations

import math

from handler.dispatch import Origin
from handler.keys import path, segment


def waited(origin: Origin) -> float:
    """Seconds since this was first asked for the task in this run."""
    store, now = origin.invocation.store, origin.invocation.clock()
    key = f"{path(origin.run)}/luigi/since/{segment(origin.task)}"
    store.put_if_absent(key, repr(now).encode())
    return now - float(store.get(key) or now)


def pause(passed: float, limit: float | None, shortest: float) -> int:
    """Whole seconds until the next look, after `passed` of at most `limit`.

    Each look writes 9 events of 25,000: every half a minute, one task filled the history of its run in 23 hours. So the
    pause grows with the time that has passed, by a twentieth: 150 looks in three days, 250 in a year.
    """
    if limit is None:
        return math.ceil(max(shortest, passed / 20))
    first = min(shortest, max(1.0, limit / 10))
    return math.ceil(min(max(first, passed / 20), max(1.0, limit - passed)))
