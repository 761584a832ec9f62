"""What a run's records say of its tasks: every try, also of a run that is still going."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from core_compiler.diagnostics import Sink
from handler.errors import InfrastructureError
from handler.items import item_id, manifest_from_bytes, manifest_key
from handler.keys import path, segment, task_keys
from handler.records import Done, ErrorInfo, Start, TryFailure, done_from_bytes, failure_from_bytes, start_from_bytes
from handler.store import Store, open_store
from transpilers.graph import rules
from transpilers.graph.bundle import Event, Manifest

#: Records that are read at a time: each may hold values of up to 64 KiB.
_AT_ONCE = 200
#: Keys that are looked at for the name of a run.
_MOST_KEYS = 20_000


class Try(NamedTuple):
    """A try of a task, in seconds since the epoch; of a mapped task, all of its items.

    `status`: how the task ended with it, or `retried`, `running`, or `unfinished` where it is past its deadline.
    """

    number: int
    start: float
    end: float
    status: str
    words: str = ""


Tries = Mapping[str, tuple[Try, ...]]


def read_tries(url: str, run: str, manifest: Manifest, sink: Sink, now: float) -> Tries | None:
    """The tries of each task of a run that has begun; None, with an error reported, where there are none."""
    try:
        store = open_store(url)
        tries = _Run(store, run, now).of(manifest)
        reason = "" if tries else _other_runs(store, manifest)
    except InfrastructureError as error:
        tries, reason = {}, str(error)
    if not tries:
        sink.report(rules.NO_RUN, subject=manifest.name, run=run, reason=reason)
        return None
    return tries


def _other_runs(store: Store, manifest: Manifest) -> str:
    """What to say where a run has left nothing: the latest that has."""
    latest = ""
    for number, key in enumerate(store.list(f"{segment(manifest.machine or manifest.name)}/")):
        name = "/".join(key.split("/")[:3])
        # A run's name ends with when it started.
        latest = max(latest, name, key=lambda one: one.rpartition("/")[2])
        if number == _MOST_KEYS:
            break
    nothing = "the store holds no record of its tasks"
    return f"{nothing}; it holds the run {latest!r}" if latest else nothing


class _Run:
    """A run in a store, whose tries are listed once."""

    def __init__(self, store: Store, run: str, now: float) -> None:
        self._store, self._run, self._now = store, run, now
        self._numbers: dict[str, set[int]] = {}
        for key in store.list(f"{path(run)}/try/"):
            task, number, _ = key.split("/")[-3:]
            if number.isdecimal():
                self._numbers.setdefault(task, set()).add(int(number))

    def of(self, manifest: Manifest) -> dict[str, tuple[Try, ...]]:
        done = self._done(manifest.tasks)
        mapped = [
            task
            for task in manifest.tasks
            if (done[task].items is not None if task in done else manifest.events.get(task, Event()).over is not None)
        ]
        found = self._each([task for task in manifest.tasks if task not in mapped], done)
        found |= {task: tries for task in mapped if (tries := self._mapped(task, done.get(task)))}
        return found

    def _each(self, tasks: Sequence[str], done: Mapping[str, Done]) -> dict[str, tuple[Try, ...]]:
        wanted = {task: self._earlier(task, done.get(task)) for task in tasks}
        starts, failures = self._starts_and_failures(wanted)
        return {
            task: tries
            for task in tasks
            if (tries := self._tries(task, wanted[task], done.get(task), starts, failures))
        }

    def _earlier(self, task: str, record: Done | None) -> list[int]:
        """The tries that the done record does not tell of."""
        numbers = sorted(self._numbers.get(segment(task), ()))
        if record is None or (record.started is None and record.number):
            return numbers
        return [number for number in numbers if number < record.number]

    def _tries(
        self,
        task: str,
        numbers: Sequence[int],
        record: Done | None,
        starts: Mapping[tuple[str, int], Start],
        failures: Mapping[tuple[str, int], TryFailure],
    ) -> tuple[Try, ...]:
        found: list[Try] = []
        last = None if record is None else record.number
        for number in numbers:
            start, failure = starts.get((task, number)), failures.get((task, number))
            if number == last:
                continue
            if failure is not None:
                began = failure.at if start is None else start.at
                found.append(Try(number, began, failure.at, "retried", _words(failure.error)))
            elif start is not None and record is None:
                going = start.paused or self._now < start.deadline
                end = self._now if going else start.deadline
                found.append(Try(number, start.at, max(start.at, end), "running" if going else "unfinished"))
        if record is not None:
            start = starts.get((task, record.number))
            began = record.started if record.started is not None else record.ended if start is None else start.at
            words = "" if record.error is None else _words(record.error)
            found.append(Try(record.number, began, record.ended, record.status, words))
        return tuple(found)

    def _mapped(self, task: str, record: Done | None) -> tuple[Try, ...]:
        """One for all items: from the first start to the last end."""
        if record is not None and record.is_whole:
            return (Try(0, record.ended, record.ended, record.status),)
        names = [item_id(task, index) for index in range(self._count(task, record))]
        tries = [one for tries in self._each(names, self._done(names)).values() for one in tries]
        # An item that was skipped by its rule has no time of its own.
        worked = [one for one in tries if one.number] or tries
        if not worked:
            return () if record is None else (Try(0, record.ended, record.ended, record.status),)
        start, end = min(one.start for one in worked), max(one.end for one in worked)
        if record is not None and record.items is not None:
            counts = ", ".join(f"{count} {status}" for status, count in record.items.counts.items() if count)
            return (Try(1, start, end, record.status, f"{len(names)} items: {counts}"),)
        states = {one.status for one in tries}
        status = next((word for word in ("running", "unfinished") if word in states), "running")
        return (Try(1, start, max(end, self._now) if status == "running" else end, status, f"{len(names)} items"),)

    def _count(self, task: str, record: Done | None) -> int:
        if record is not None:
            return len(record.statuses)
        key = manifest_key(self._run, task)
        data = self._store.get(key)
        return 0 if data is None else manifest_from_bytes(key, data).total

    def _done(self, names: Iterable[str]) -> dict[str, Done]:
        keys = {task_keys(self._run, name).done: name for name in names}
        return {keys[key]: done_from_bytes(key, data) for key, data in self._read(list(keys)).items()}

    def _starts_and_failures(
        self, wanted: Mapping[str, Sequence[int]]
    ) -> tuple[dict[tuple[str, int], Start], dict[tuple[str, int], TryFailure]]:
        keys = {task: task_keys(self._run, task) for task, numbers in wanted.items() if numbers}
        pairs = [(task, number) for task, numbers in wanted.items() for number in numbers]
        starts = {keys[task].start(number): (task, number) for task, number in pairs}
        failures = {keys[task].failed(number): (task, number) for task, number in pairs}
        data = self._read([*starts, *failures])
        return (
            {pair: start_from_bytes(key, data[key]) for key, pair in starts.items() if key in data},
            {pair: failure_from_bytes(key, data[key]) for key, pair in failures.items() if key in data},
        )

    def _read(self, keys: Sequence[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for first in range(0, len(keys), _AT_ONCE):
            some = keys[first : first + _AT_ONCE]
            found |= {key: data for key, data in zip(some, self._store.get_many(some), strict=True) if data is not None}
        return found


def _words(error: ErrorInfo) -> str:
    lines = error.message.splitlines()
    return f"{error.type}: {lines[0]}" if lines else error.type
