"""What a run left in its store: the done record of each task is its one story."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import cast

import msgspec

from core_compiler.emit.expected import Outcome
from handler.binary import describe, is_binary
from handler.codec import decode, from_bytes
from handler.errors import InfrastructureError, TaskError
from handler.items import item_id
from handler.json_types import Json
from handler.keys import TaskKeys, segment, task_keys
from handler.records import Done, ErrorInfo, done_from_bytes
from handler.store import Store, open_store
from handler.values import RETURN_VALUE, stored_bytes


class TaskResults(msgspec.Struct, frozen=True):
    """Statuses (None: never reached), tries, return values as JSON, and the errors of failed tasks, by task.

    `outcomes` are there for mapped tasks as a whole too, and say how often the states of tasks were tried.
    """

    tasks: dict[str, str | None]
    tries: dict[str, int]
    results: dict[str, object]
    errors: dict[str, ErrorInfo]
    outcomes: dict[str, Outcome] = {}


def read_results(url: str, run: str, tasks: tuple[str, ...], *, large: bool = True) -> TaskResults:
    """The records of a run. Raises `handler.errors.InfrastructureError` where the store cannot be read.

    Without `large`, a value that is not in its record itself is `{"key", "bytes"}`: a mapped task can leave thousands.
    """
    store = open_store(url)
    found = TaskResults({}, {}, {}, {}, {})
    keys = [task_keys(run, task) for task in tasks]
    for task, place, data in zip(tasks, keys, store.get_many([key.done for key in keys]), strict=True):
        record = None if data is None else done_from_bytes(place.done, data)
        if record:
            found.outcomes[task] = _outcome(store, place, record)
        if record and record.items and record.items.counts:
            _read_items(url, run, record, found)
            continue
        found.tasks[task] = record.status if record else None
        found.tries[task] = record.number if record else 0
        if record is None:
            continue
        if record.error:
            found.errors[task] = record.error
        if RETURN_VALUE in record.values:
            stored = record.values[RETURN_VALUE]
            is_large = isinstance(stored, dict) and "ref" in stored
            apart = cast("dict[str, Json]", stored) if is_large and not large else None
            found.results[task] = (
                _as_json(store, record, place) if apart is None else {"key": apart["ref"], "bytes": apart.get("bytes")}
            )
    return found


def read_asked(url: str, run: str, tasks: tuple[str, ...], found: TaskResults) -> None:
    """Add what is in no definition: tasks that others asked for while they ran, known by their records alone."""
    store = open_store(url)
    prefix = task_keys(run, "").done.removesuffix(segment(""))
    known = {task_keys(run, task).done for task in (*tasks, *found.tasks)}
    asked = [key for key in store.list(prefix) if key not in known]
    # A long name is only in the record.
    records = zip(asked, store.get_many(asked), strict=True)
    names = [done_from_bytes(key, data).task for key, data in records if data is not None]
    own = read_results(url, run, tuple(names))
    found.tasks.update(own.tasks)
    found.tries.update(own.tries)
    found.errors.update(own.errors)
    found.results.update(own.results)
    found.outcomes.update(own.outcomes)


def _outcome(store: Store, place: TaskKeys, record: Done) -> Outcome:
    """How often the task's state was tried, as far as records say: the platform's own faults cost no try."""
    if record.items is not None:
        return Outcome(record.status, items=sum(record.items.counts.values()))
    if record.started is not None:
        return Outcome(record.status, record.number)
    if record.status != "failed":
        # Decided at the first attempt, or at the one after so many tries.
        return Outcome(record.status, record.number + 1)
    # A try that has failed and was the last is written down by the attempt after it, one that crashed by settle.
    settled = not record.number or store.get(place.failed(record.number)) is None
    return Outcome(record.status, max(1, record.number + (not settled)), settled)


def _read_items(url: str, run: str, whole: Done, found: TaskResults) -> None:
    """The items of a mapped task, by their own names; the values of those that left one are the task's result."""
    assert whole.items is not None
    names = tuple(item_id(whole.task, index) for index in range(sum(whole.items.counts.values())))
    own = read_results(url, run, names, large=False)
    found.tasks.update(own.tasks)
    found.tries.update(own.tries)
    found.errors.update(own.errors)
    found.outcomes.update(own.outcomes)
    found.results[whole.task] = [own.results[name] for name in names if name in own.results]


def _as_json(store: Store, record: Done, place: TaskKeys) -> object:
    """The return value, or what stands for one that JSON cannot hold: `{"type", "repr", "key"}`."""
    match record.values[RETURN_VALUE]:
        case {"inline": _}:
            key = place.done
        case {"ref": str(key)}:
            pass
        case _:
            raise InfrastructureError(f"{place.done} holds no stored value")
    data = stored_bytes(store, record, RETURN_VALUE)
    if is_binary(data):
        # A pickle is told of, never read: that would run what is in it.
        told = describe(key, data)
        return {"type": told.type, "repr": told.repr, "key": key}
    tree = from_bytes(data)
    if not _is_tagged(tree):
        return tree
    try:
        value = decode(tree)
    except (TaskError, ImportError) as error:
        # Kept by one side alone, or of a library that is not here.
        return {"type": type(error).__name__, "repr": str(error), "key": key}
    return {"type": type(value).__name__, "repr": repr(value), "key": key}


def _is_tagged(tree: Json) -> bool:
    """Whether the codec had to name a type anywhere in the value."""
    if isinstance(tree, dict):
        return "$type" in tree or any(map(_is_tagged, tree.values()))
    return isinstance(tree, list) and any(map(_is_tagged, tree))


def task_logs(url: str, run: str, task: str) -> Iterator[tuple[int, str]]:
    """What a task printed: the number of the try and its text, in order; a try that crashed can come more than once."""
    store = open_store(url)
    prefix = task_keys(run, task).log(0, "").removesuffix("0-%")
    logs: list[tuple[int, str]] = []
    for key in store.list(prefix):
        number = key.rsplit("/", 1)[-1].partition("-")[0]
        with suppress(ValueError):
            logs.append((int(number), (store.get(key) or b"").decode("utf-8", "replace")))
    yield from sorted(logs, key=lambda log: log[0])
