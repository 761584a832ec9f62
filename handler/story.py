"""The one story of a task: the first done record wins, and everyone tells what it says."""

from __future__ import annotations

from handler.errors import InfrastructureError, TaskFailed
from handler.invocation import Invocation
from handler.json_types import JsonObject
from handler.keys import TaskKeys, stopped_key
from handler.records import Done, Stopped, done_from_bytes, done_to_bytes, stopped_to_bytes


def write_done(invocation: Invocation, keys: TaskKeys, record: Done) -> Done:
    """Write the done record if there is none, and return the one that is there then."""
    store = invocation.store
    if store.put_if_absent(keys.done, done_to_bytes(record)):
        return record
    found = store.get(keys.done)
    if found is None:
        raise InfrastructureError(f"{keys.done} was there a moment ago and is gone")
    return done_from_bytes(keys.done, found)


def stop_rest(invocation: Invocation, run: str, record: Done) -> None:
    """If the task failed, by its done record, write down that the rest of the run is skipped, unless that is known.

    Not before the record is there: one that loses to a success would have stopped the run for nothing. A crash between
    the two loses nothing, since whoever tells of the task again comes by here again.
    """
    if record.status == "failed":
        stopped = Stopped(record.task, invocation.clock())
        invocation.store.put_if_absent(stopped_key(run), stopped_to_bytes(stopped))


def respond(record: Done, *, stop_on_failure: bool) -> JsonObject:
    """What `run` and `settle` return; TaskFailed where a failure is to stop the whole run."""
    if record.status == "failed" and stop_on_failure:
        reason = f": {record.error.type}: {record.error.message}" if record.error else ""
        raise TaskFailed(f"task {record.task} failed{reason}"[:1000])
    return {"task": record.task, "status": record.status}
