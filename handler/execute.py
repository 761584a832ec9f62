"""`run`: adopt what is done, else decide by gates and rule, run the task, write its values, then its done record."""

from __future__ import annotations

from typing import assert_never

from handler import tries
from handler.arguments import referenced
from handler.errors import InfrastructureError, InvalidEvent, TryFailed
from handler.events import RunEvent
from handler.gates import decide_gates
from handler.invocation import Invocation
from handler.items import item_id, task_of
from handler.json_types import JsonObject
from handler.keys import TaskKeys, stopped_key, task_keys
from handler.outcome import Blocked, Failure, Skip, Success, Waiting, all_arguments, run_try
from handler.records import Done, ErrorInfo, done_from_bytes, stopped_from_bytes
from handler.rendezvous import release_waiters
from handler.rules import Seen, Status, decide
from handler.seen import seen_gate, seen_of
from handler.story import respond, stop_rest, write_done
from handler.values import write_outputs


def execute(event: RunEvent, invocation: Invocation) -> JsonObject:
    """Run one task and return its status. TryFailed asks for the next try; no error of the task's own leaves here."""
    keys = task_keys(event.run, event.task)
    done = _read_done(event, invocation)
    record = done.get(event.task) or (done.get(event.of) if event.of else None)
    if record is None:
        decided = _decide(event, invocation, keys, done)
        if isinstance(decided, Waiting):
            return {"task": event.task, "status": "pending", "new": list(decided.new), "wait": decided.wait}
        record = write_done(invocation, keys, decided)
    if event.skip_rest:
        stop_rest(invocation, event.run, record)
    if event.waiters:
        release_waiters(invocation, event.run, event.task)
    return respond(record, stop_on_failure=event.stop_on_failure)


def _read_done(event: RunEvent, invocation: Invocation) -> dict[str, Done]:
    """The done records there are, of the task itself, its upstream, its gates, and whose values it reads, by task."""
    read = referenced(all_arguments(event))
    # An item is decided with its task where that got no items.
    whole = (event.of, *event.paired) if event.of else ()
    tasks = (event.task, *whole, *event.upstream, *(gate.task for gate in event.gates), *read)
    places = {task: task_keys(event.run, task).done for task in tasks}
    found = zip(places.items(), invocation.store.get_many(list(places.values())), strict=True)
    done = {task: done_from_bytes(key, data) for (task, key), data in found if data is not None}
    for task in event.paired:
        record, own = done.get(task), item_id(task, event.item)
        if record is not None and record.is_whole and own not in done:
            done[own] = record._replace(items=None)
    return done


def _decide(event: RunEvent, invocation: Invocation, keys: TaskKeys, done: dict[str, Done]) -> Done | Waiting:
    if event.skip_rest:
        # Whoever woke this task may not have come to it yet.
        for other in event.upstream:
            if other in done:
                stop_rest(invocation, event.run, done[other])
    if event.skip_rest and not event.cleanup and _stopped(event, invocation, keys):
        return _ended(event, invocation, "skipped", tries.count(invocation, keys))
    gates, names = event.gates, (event.task, event.of)
    decision = decide_gates(
        event.rule, [seen for gate in gates for seen in seen_gate(gate.kind, names, gate.task, done)]
    )
    if decision == "run":
        statuses: list[Seen] = [status for task in event.upstream for status in seen_of(task, done)]
        setups: list[Seen] = [status for gate in gates if gate.kind == "setup" for status in seen_of(gate.task, done)]
        decision = decide(event.rule, statuses, index=event.item, setups=setups)
    if decision == "run" and event.over is not None and event.over.dicts and event.over.lengths is not None:
        # Nobody decided about the task as a whole.
        from handler.expand import by_what_is_mapped_over

        decision = by_what_is_mapped_over(event.over, done)
    match decision:
        case "run":
            return _run(event, invocation, keys, done)
        case "skipped" | "upstream_failed":
            return _ended(event, invocation, decision, 0)
        case "wait":
            awaited = dict.fromkeys((*event.upstream, *(gate.task for gate in event.gates)))
            missing = ", ".join(task for task in awaited if task not in done)
            raise InfrastructureError(f"task {event.task} was started before its upstream tasks were done: {missing}")
        case "removed":
            raise InvalidEvent(f"task {event.task}: only an item of a mapped task can be removed")
        case _:
            assert_never(decision)


def _stopped(event: RunEvent, invocation: Invocation, keys: TaskKeys) -> bool:
    """Whether another task's failure makes this one skipped; one that has used up its tries has failed itself.

    An item's failure leaves the other items of its task alone (`_stop_remaining_tasks` in `models/taskinstance.py`).
    """
    key = stopped_key(event.run)
    found = invocation.store.get(key)
    if found is None:
        return False
    first = stopped_from_bytes(key, found).task
    if first == event.task or (event.of and task_of(first) == event.of):
        return False
    return invocation.store.get(keys.failed(event.retries + 1)) is None


def _run(event: RunEvent, invocation: Invocation, keys: TaskKeys, done: dict[str, Done]) -> Done | Waiting:
    begun = tries.enter(invocation, keys, event.retries, event.timeout)
    if isinstance(begun, tries.Exhausted):
        return _ended(event, invocation, "failed", begun.number, error=begun.error)
    outcome = run_try(event, invocation, keys, begun, done)
    number, started = begun.number, begun.started
    match outcome:
        case Success(outputs, skips, length):
            values = write_outputs(invocation.store, keys, invocation.attempt, outputs, length=length)
            return _ended(event, invocation, "success", number, values=values, started=started, skips=skips)
        case Skip(outputs):
            values = write_outputs(invocation.store, keys, invocation.attempt, outputs)
            return _ended(event, invocation, "skipped", number, values=values, started=started)
        case Waiting():
            tries.pause(invocation, keys, number)
            return outcome
        case Blocked(error):
            return _ended(event, invocation, "upstream_failed", number, error=error, started=started)
        case Failure(error, final=True, outputs=outputs):
            # No failed record: were this attempt to crash now, the next would begin another try.
            values = write_outputs(invocation.store, keys, invocation.attempt, outputs)
            return _ended(event, invocation, "failed", number, values=values, error=error, started=started)
        case Failure(error, _, outputs, after):
            tries.fail(invocation, keys, number, error)
            if number <= event.retries:
                message = (
                    f"task {event.task}: try {number} of {event.retries + 1} failed: {error.type}: {error.message}"
                )
                raise _try_failed(message[:1000], after)
            values = write_outputs(invocation.store, keys, invocation.attempt, outputs)
            return _ended(event, invocation, "failed", number, values=values, error=error, started=started)
        case _:
            assert_never(outcome)


def _try_failed(message: str, after: int | None) -> TryFailed:
    if after is None:
        return TryFailed(message)
    from handler.retry_rules import try_failed

    return try_failed(message, after)


def _ended(
    event: RunEvent,
    invocation: Invocation,
    status: Status,
    number: int,
    *,
    values: JsonObject | None = None,
    error: ErrorInfo | None = None,
    started: float | None = None,
    skips: tuple[str, ...] = (),
) -> Done:
    return Done(
        task=event.task,
        status=status,
        attempt=invocation.attempt,
        number=number,
        ended=invocation.clock(),
        values=values or {},
        error=error,
        started=started,
        skips=skips,
    )
