"""Rendezvous: a state waits with a task token for tasks of other branches. The store is the only coordination.

    waiter     register its token under each task awaited, then release(itself)
    finisher   write its done record if absent (the loser adopts), then release(each waiter registered under it)
    release    if what the waiter needs is done: send its token back, with the statuses

Whoever comes last sees both the done record and the registration, since each writes its own before it looks for the
other's. All of it may be repeated at any point, and is: a retried finisher finds its done record and releases again, a
retried waiter registers its new token beside the old one. `tests/rendezvous/protocol.py` searches all interleavings of
the steps named here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handler.codec import to_bytes
from handler.errors import InfrastructureError
from handler.events import AwaitEvent
from handler.invocation import Invocation
from handler.json_types import Json, JsonObject
from handler.keys import task_keys, wait_key, waits_prefix
from handler.records import Done, Waiter, done_from_bytes, waiter_from_bytes, waiter_to_bytes
from handler.rules import Seen, decide
from handler.seen import seen_of

#: What says that nobody waits with a token any more: its state has gone on, or timed out and waits with another.
STALE = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})
#: Records read at a time: one that is missing decides, and the likeliest come first.
_CHUNK = 16
#: Characters of statuses sent with a token. A state's input holds 256 KiB, and they can be read from the store.
_LONGEST_OUTPUT = 60_000


def wait(event: AwaitEvent, invocation: Invocation) -> JsonObject:
    """`await`: leave word with the tasks awaited; where nothing is missing any more, send the token back at once."""
    _register(invocation, event.run, event.waiter)
    _release(invocation, event.run, event.waiter)
    return {"task": event.waiter.task}


def release_waiters(invocation: Invocation, run: str, task: str) -> None:
    """Send their tokens to all who wait for `task`, which is done, and for nothing else that is not.

    InfrastructureError where one cannot be sent, so that all of this is done again; others were sent theirs.
    """
    for waiter in _list(invocation, run, task):
        _release(invocation, run, waiter)


def _register(invocation: Invocation, run: str, waiter: Waiter) -> None:
    record = waiter_to_bytes(waiter)
    for other in dict.fromkeys((*waiter.others, *waiter.upstream)):
        # A key for each token: a zombie of an earlier attempt must not overwrite the token that counts.
        invocation.store.put(wait_key(run, other, waiter.task, waiter.token), record)


def _list(invocation: Invocation, run: str, task: str) -> Iterator[Waiter]:
    keys = list(invocation.store.list(waits_prefix(run, task)))
    for key, data in zip(keys, invocation.store.get_many(keys), strict=True):
        if data is not None:
            yield waiter_from_bytes(key, data)


def _release(invocation: Invocation, run: str, waiter: Waiter) -> None:
    statuses = _look(invocation, run, waiter)
    if statuses is not None:
        _send(invocation, waiter, statuses)


def _look(invocation: Invocation, run: str, waiter: Waiter) -> dict[str, Json] | None:
    """The statuses that release the waiter; None while something is missing."""
    done: dict[str, Done] = {}
    for task, record in _read(invocation, run, waiter.others):
        if record is None:
            return None
        done[task] = record
    if waiter.rule is not None:
        done |= {task: record for task, record in _read(invocation, run, waiter.upstream) if record is not None}
        seen: list[Seen] = [status for task in waiter.upstream for status in seen_of(task, done)]
        if decide(waiter.rule, seen) == "wait":
            return None
    return {task: record.status for task, record in done.items()}


def _read(invocation: Invocation, run: str, tasks: tuple[str, ...]) -> Iterator[tuple[str, Done | None]]:
    for start in range(0, len(tasks), _CHUNK):
        chunk = tasks[start : start + _CHUNK]
        keys = [task_keys(run, task).done for task in chunk]
        for task, key, data in zip(chunk, keys, invocation.store.get_many(keys), strict=True):
            yield task, None if data is None else done_from_bytes(key, data)


def _send(invocation: Invocation, waiter: Waiter, statuses: Mapping[str, Json]) -> None:
    output = to_bytes(dict(statuses)).decode()
    error = invocation.send(waiter.token, output if len(output) <= _LONGEST_OUTPUT else "{}")
    if error and error.code not in STALE:
        raise InfrastructureError(f"cannot wake task {waiter.task}: {error.code}: {error.message}")
