"""`finish`: the run's end, decided by its leaves as Airflow does (`DagRun.update_state` in `models/dagrun.py`)."""

from __future__ import annotations

from handler.errors import RunFailed
from handler.events import FinishEvent
from handler.invocation import Invocation
from handler.json_types import JsonObject
from handler.keys import task_keys
from handler.records import done_from_bytes

_NAMED = 20


def finish(event: FinishEvent, invocation: Invocation) -> JsonObject:
    """Return success, or raise RunFailed where a leaf failed, could not run, or has no record."""
    keys = [task_keys(event.run, task).done for task in event.leaves]
    bad: list[str] = []
    for task, key, data in zip(event.leaves, keys, invocation.store.get_many(keys), strict=True):
        status = "not reached" if data is None else done_from_bytes(key, data).status
        if status not in {"success", "skipped"}:
            bad.append(f"{task} {status}")
    if bad:
        more = f" and {len(bad) - _NAMED} more" if len(bad) > _NAMED else ""
        raise RunFailed(f"the run failed: {', '.join(bad[:_NAMED])}{more}")
    return {"status": "success"}
