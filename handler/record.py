"""`record`: the items of mapped tasks have ended; write each task's done record, with how many ended how."""

from __future__ import annotations

from collections import Counter

from handler import tries
from handler.errors import InfrastructureError
from handler.invocation import Invocation
from handler.items import NO_ITEMS, Items, item_id, manifest_from_bytes, manifest_key, ranges, together
from handler.json_types import JsonObject
from handler.keys import task_keys
from handler.mapped_events import RecordEvent
from handler.records import Done, ErrorInfo, done_from_bytes
from handler.rules import Status
from handler.settle import error_of
from handler.story import respond, stop_rest, write_done
from handler.values import RETURN_VALUE

#: Records that are read at a time: each may hold values of up to 64 KiB.
_AT_ONCE = 200


def record(event: RecordEvent, invocation: Invocation) -> JsonObject:
    """Return the first task and its status; TaskFailed where a failure is to stop the whole run.

    The first is written last: who waits for the tasks of a group waits for that one.
    """
    records = [_recorded(event, invocation, task) for task in reversed(event.tasks)]
    if event.skip_rest:
        for one in records:
            stop_rest(invocation, event.run, one)
    if event.waiters:
        from handler.rendezvous import release_waiters

        for one in records:
            release_waiters(invocation, event.run, one.task)
    for one in records[:-1]:
        respond(one, stop_on_failure=event.stop_on_failure)
    return respond(records[-1], stop_on_failure=event.stop_on_failure)


def _recorded(event: RecordEvent, invocation: Invocation, task: str) -> Done:
    keys = task_keys(event.run, task)
    found = invocation.store.get(keys.done)
    if found is not None:
        return done_from_bytes(keys.done, found)
    error = None if event.error is None else error_of(event.error)
    total = event.total or _expanded(invocation, manifest_key(event.run, task))
    if not total and error is None:
        raise InfrastructureError(f"task {task} has ended without having been expanded")
    ended = Done(task, "failed", invocation.attempt, 0, invocation.clock(), {}, error=error, items=NO_ITEMS)
    if total:
        items = _counted(event, invocation, task, total, error)
        ended = ended._replace(status=together(items.counts), error=None, items=items)
    return write_done(invocation, keys, ended)


def _expanded(invocation: Invocation, key: str) -> int:
    data = invocation.store.get(key)
    return 0 if data is None else manifest_from_bytes(key, data).total


def _counted(event: RecordEvent, invocation: Invocation, task: str, count: int, error: ErrorInfo | None) -> Items:
    counts: Counter[Status] = Counter()
    valued: list[int] = []
    for first in range(0, count, _AT_ONCE):
        indices = range(first, min(first + _AT_ONCE, count))
        keys = [task_keys(event.run, item_id(task, index)).done for index in indices]
        for index, key, data in zip(indices, keys, invocation.store.get_many(keys), strict=True):
            done = _lost(event, invocation, task, index, error) if data is None else done_from_bytes(key, data)
            counts[done.status] += 1
            if RETURN_VALUE in done.values:
                valued.append(index)
    return Items(dict(counts), ranges(valued))


def _lost(event: RecordEvent, invocation: Invocation, task: str, index: int, error: ErrorInfo | None) -> Done:
    """An item that nobody could settle, because the Map itself came to an error."""
    name = item_id(task, index)
    if error is None:
        raise InfrastructureError(f"{name} has ended without a record")
    keys = task_keys(event.run, name)
    number = tries.count(invocation, keys)
    failed = Done(name, "failed", invocation.attempt, number, invocation.clock(), {}, error=error)
    return write_done(invocation, keys, failed)
