"""Durations as they are kept: seconds by workflow and task, with how far they vary where that is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log, sqrt
from statistics import fmean, median
from typing import NamedTuple

import msgspec

from core_compiler.diagnostics import Sink
from core_compiler.ir import Workflow
from core_compiler.plan.durations import Durations, guessed
from transpilers.durations import rules

#: How far a duration may be off that was measured once, or written by hand.
MEASURED_ONCE = 0.2
VERSION = 1
#: Shorter than this is all alike: the platform's own time hides it.
_SHORTEST = 0.01


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """The median of a task's seconds, and over how many runs; `spread` as in Durations, None if measured once."""

    seconds: float
    runs: int = 1
    spread: float | None = None


class Sample(NamedTuple):
    """One run of one task; `workflow` is "" where the source does not say."""

    workflow: str
    task: str
    seconds: float


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """What is known: entries by workflow and task; those under "" hold for every workflow."""

    workflows: Mapping[str, Mapping[str, Entry]]
    v: int = VERSION


def table(samples: Iterable[Sample]) -> Table:
    """What samples say together."""
    found: dict[str, dict[str, list[float]]] = {}
    for workflow, task, seconds in samples:
        found.setdefault(workflow, {}).setdefault(task, []).append(seconds)
    return Table(
        workflows={name: {task: _entry(values) for task, values in tasks.items()} for name, tasks in found.items()}
    )


def _entry(values: Sequence[float]) -> Entry:
    middle = median(values)
    if len(values) == 1:
        return Entry(middle)
    logs = [log(max(value, _SHORTEST) / max(middle, _SHORTEST)) for value in values]
    return Entry(round(middle, 3), len(values), round(sqrt(fmean(value * value for value in logs)), 3))


def durations_of(workflow: Workflow, known: Table, path: str, sink: Sink) -> Durations:
    """The durations of a workflow's tasks; a guess by the kind of operator where the table has none.

    The spread is the mean over the tasks, each weighted by its seconds, since long tasks decide.
    """
    entries = {**known.workflows.get("", {}), **known.workflows.get(workflow.name, {})}
    guess = guessed(workflow)
    if not entries:
        others = [name for name, tasks in known.workflows.items() if tasks]
        also = " and others" if len(others) > 1 else ""
        found = f"it is of {min(others)!r}{also}" if others else "it has none at all"
        sink.report(rules.NOTHING_KNOWN, subject=workflow.name, path=path, name=workflow.name, found=found)
    foreign = [task for task in entries if task not in guess.seconds]
    if foreign:
        sink.report(
            rules.NO_SUCH_TASK,
            subject=workflow.name,
            path=path,
            count=len(foreign),
            name=workflow.name,
            first=min(foreign),
        )
    seconds: dict[str, float] = {}
    weighted = 0.0
    for task, own in guess.seconds.items():
        entry = entries.get(task)
        seconds[task] = own if entry is None else entry.seconds
        spread = guess.spread if entry is None else MEASURED_ONCE if entry.spread is None else entry.spread
        weighted += spread * seconds[task]
    return Durations(seconds, weighted / (sum(seconds.values()) or 1.0))
