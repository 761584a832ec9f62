"""`settle`: a task's state failed where its handler could not say so, for example because it was killed."""

from __future__ import annotations

from handler import tries
from handler.codec import from_bytes
from handler.events import SettleEvent
from handler.invocation import Invocation
from handler.json_types import Json, JsonObject
from handler.keys import task_keys
from handler.records import Done, ErrorInfo, bounded, done_from_bytes
from handler.rendezvous import release_waiters
from handler.story import respond, stop_rest, write_done


def settle(event: SettleEvent, invocation: Invocation) -> JsonObject:
    """Adopt the done record, or write down that the task failed, and return its status."""
    keys = task_keys(event.run, event.task)
    found = invocation.store.get(keys.done)
    if found is not None:
        record = done_from_bytes(keys.done, found)
    else:
        failed = Done(
            task=event.task,
            status="failed",
            attempt=invocation.attempt,
            number=tries.count(invocation, keys),
            ended=invocation.clock(),
            values={},
            error=error_of(event.error),
        )
        record = write_done(invocation, keys, failed)
    if event.skip_rest:
        stop_rest(invocation, event.run, record)
    if event.waiters:
        release_waiters(invocation, event.run, event.task)
    return respond(record, stop_on_failure=event.stop_on_failure)


def error_of(output: JsonObject) -> ErrorInfo:
    """The machine's error output as records hold it; Lambda's own causes are JSON with a message inside."""
    name, cause = str(output.get("Error") or "Unknown"), str(output.get("Cause") or "")
    try:
        inner: Json = from_bytes(cause.encode("utf-8", "backslashreplace"))
    except ValueError:
        inner = None
    message = inner.get("errorMessage") if isinstance(inner, dict) else None
    return ErrorInfo(name, bounded(message if isinstance(message, str) else cause))
