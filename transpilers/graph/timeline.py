"""The time a bundle's tasks take: as predicted when it was compiled, and as a run's records have it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from core_compiler.diagnostics import Sink
from handler.errors import InfrastructureError
from handler.keys import task_keys
from handler.records import Done, done_from_bytes
from handler.store import open_store
from transpilers.graph import rules
from transpilers.graph.bundle import Manifest


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
    """The done records of a run, by task; None, with an error reported, where there are none."""
    keys = {task: task_keys(run, task).done for task in manifest.tasks}
    try:
        found = open_store(url).get_many(list(keys.values()))
        records = {
            task: done_from_bytes(key, data)
            for (task, key), data in zip(keys.items(), found, strict=True)
            if data is not None
        }
    except InfrastructureError as error:
        sink.report(rules.NO_RUN, subject=manifest.name, run=run, reason=str(error))
        return None
    if not records:
        sink.report(rules.NO_RUN, subject=manifest.name, run=run, reason="the store holds no record of its tasks")
        return None
    return records
