"""How long a task has been waited for."""

from __future__ import annotations

from handler.dispatch import Origin
from handler.keys import path, segment


def waited(origin: Origin) -> float:
    """Seconds since this was first asked for the task in this run."""
    store, now = origin.invocation.store, origin.invocation.clock()
    key = f"{path(origin.run)}/luigi/since/{segment(origin.task)}"
    store.put_if_absent(key, repr(now).encode())
    return now - float(store.get(key) or now)
