"""The time a bundle's tasks take: as predicted when it was compiled, and as a run's records have it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from core_compiler.diagnostics import Sink
from handler.errors import InfrastructureError
from handler.items import item_id
from handler.keys import task_keys
from handler.records import Done, done_from_bytes
from handler.store import Store, open_store
from transpilers.graph import rules
from transpilers.graph.bundle import Manifest

#: Records of items that are read at a time: each may hold values of up to 64 KiB.
_AT_ONCE = 200


class Bar(msgspec.Struct, frozen=True):
    """A task at work: seconds from the start of the run; `status` is "predicted", or how the task ended."""

    task: str
    start: float
    end: float
    status: str


class Chart(msgspec.Struct, frozen=True):
    """The tasks in the order of their predicted starts; without a run `run` is empty.

    `critical` are the tasks of the critical path.
    """

    title: str
    predicted: tuple[Bar, ...]
    run: tuple[Bar, ...]
    critical: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """When the last bar ends."""
        return max((bar.end for bar in (*self.predicted, *self.run)), default=0.0)


def chart(manifest: Manifest, done: Mapping[str, Done]) -> Chart:
    """The chart of a bundle and the done records of a run of it, by task."""
    line = manifest.timeline
    order = sorted(manifest.tasks, key=lambda task: (line.starts.get(task, 0.0), line.ends.get(task, 0.0)))
    predicted = tuple(
        Bar(task, line.starts[task], line.ends[task], "predicted") for task in order if task in line.starts
    )
    # A task that did not run has no start: it is a mark where it was decided.
    began = {task: record.ended if record.started is None else record.started for task, record in done.items()}
    first = min(began.values(), default=0.0)
    ran = tuple(
        Bar(task, round(began[task] - first, 3), round(done[task].ended - first, 3), done[task].status)
        for task in order
        if task in done
    )
    return Chart(manifest.name, predicted, ran, line.critical_path)


def done_records(url: str, run: str, manifest: Manifest, sink: Sink) -> dict[str, Done] | None:
    """The done records of a run, by task; None, with an error reported, where there are none.

    A mapped task's has the times of its items: the first start and the last end.
    """
    try:
        store = open_store(url)
        records = {
            task: _over_items(store, run, done) if done.items else done
            for task, done in _read(store, run, manifest.tasks).items()
        }
    except InfrastructureError as error:
        sink.report(rules.NO_RUN, subject=manifest.name, run=run, reason=str(error))
        return None
    if not records:
        sink.report(rules.NO_RUN, subject=manifest.name, run=run, reason="the store holds no record of its tasks")
        return None
    return records


def _read(store: Store, run: str, names: Iterable[str]) -> dict[str, Done]:
    keys = {name: task_keys(run, name).done for name in names}
    found = store.get_many(list(keys.values()))
    pairs = zip(keys.items(), found, strict=True)
    return {name: done_from_bytes(key, data) for (name, key), data in pairs if data is not None}


def _over_items(store: Store, run: str, done: Done) -> Done:
    """A task's record is written after its items; when they worked, theirs tell."""
    names = [item_id(done.task, index) for index in range(len(done.statuses))]
    started: list[float] = []
    ended: list[float] = []
    for first in range(0, len(names), _AT_ONCE):
        for item in _read(store, run, names[first : first + _AT_ONCE]).values():
            if item.started is not None:
                started.append(item.started)
                ended.append(item.ended)
    return done._replace(started=min(started), ended=max(ended)) if started else done
