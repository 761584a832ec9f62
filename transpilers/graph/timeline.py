"""The time a bundle's tasks take: as predicted when it was compiled, and as a run's records have it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from transpilers.graph.bundle import Manifest
from transpilers.graph.history import Try

NO_TRIES: Mapping[str, tuple[Try, ...]] = {}


class Bar(msgspec.Struct, frozen=True, omit_defaults=True):
    """A task at work: seconds from the start of the run.

    `status` is "predicted" or that of a `Try`; `number` is the try's, `words` what there is to say of it.
    """

    task: str
    start: float
    end: float
    status: str
    number: int = 0
    words: str = ""


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
        return ends((*self.predicted, *self.run))

    @property
    def going(self) -> bool:
        """Whether a task of the run has begun and not ended."""
        last = {bar.task: bar.status for bar in self.run}
        return any(status in ("retried", "running", "unfinished") for status in last.values())


def ends(bars: tuple[Bar, ...]) -> float:
    """When the last of the bars ends."""
    return max((bar.end for bar in bars), default=0.0)


def chart(manifest: Manifest, tries: Mapping[str, tuple[Try, ...]] = NO_TRIES, run: str = "") -> Chart:
    """The chart of a bundle and of the tries of a run of it, by task."""
    line = manifest.timeline
    order = sorted(manifest.tasks, key=lambda task: (line.starts.get(task, 0.0), line.ends.get(task, 0.0)))
    predicted = tuple(
        Bar(task, line.starts[task], line.ends[task], "predicted") for task in order if task in line.starts
    )
    moments = [one.start for some in tries.values() for one in some]
    # Clocks differ: no task is drawn before the run.
    first = min([*moments, *_started(run)], default=0.0)
    ran = tuple(
        Bar(task, round(one.start - first, 3), round(one.end - first, 3), one.status, one.number, one.words)
        for task in order
        for one in tries.get(task, ())
    )
    return Chart(manifest.name, predicted, ran, line.critical_path)


def _started(run: str) -> list[float]:
    """When a run was started, which its name ends with."""
    try:
        moment = datetime.fromisoformat(run.rpartition("/")[2])
    except ValueError:
        return []
    return [] if moment.tzinfo is None else [moment.timestamp()]
