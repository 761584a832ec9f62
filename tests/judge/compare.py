"""Where a machine does not do what the model says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from judge.model import Ended, Verdict, judge_shape, word_of
from judge.shape import Shape, shape_of
from judge.spec import Role, Spec, Task

from handler.records import Done


class Ran(NamedTuple):
    """What became of a DAG on a machine, None for a task that was not reached. `timed_out` counts by task."""

    tasks: dict[str, Ended | None]
    state: str
    timed_out: dict[str, int]
    invocations: int
    deaths: int
    records: Mapping[str, Done]


class Difference(NamedTuple):
    """One thing that two sides tell otherwise; `task` is "" for the run."""

    task: str
    expected: object
    found: object


def differences(spec: Spec, ran: Ran) -> list[Difference]:
    """All of them, in the order of the tasks.

    A time-out is a lost try, as a lost worker is in Airflow; when it came is the machine's to tell. So a task that
    timed out is taken as it ended, within its bounds, and all that follows from it is judged.
    """
    shape = shape_of(spec)
    lost = {name: end for name in ran.timed_out if (end := ran.tasks[name]) is not None}
    verdict = judge_shape(shape, lost)
    found = [*_out_of_bounds(shape, lost, ran), *_compared(verdict, ran), *_open_but_wrong(shape, verdict, ran)]
    return [*found, *_not_of_its_items(spec, ran)]


def _compared(verdict: Verdict, ran: Ran) -> Iterator[Difference]:
    for name, expected in verdict.tasks.items():
        if name not in verdict.open and ran.tasks.get(name) != expected:
            yield Difference(name, expected, ran.tasks.get(name))
    if "" not in verdict.open and verdict.state != ran.state:
        yield Difference("", verdict.state, ran.state)


def _open_but_wrong(shape: Shape, verdict: Verdict, ran: Ran) -> Iterator[Difference]:
    """What a failure elsewhere may have ended ends as skipped, or as it would have; and that failure is there."""
    for name in verdict.open - {""}:
        end, expected = ran.tasks.get(name), verdict.tasks[name]
        task = shape.tasks[name.partition("[")[0]]
        if task.role is Role.TEARDOWN or (task.id == name and task.is_mapped):
            continue
        if end is None and task.over and ran.tasks[task.id] == Ended("skipped", 0):
            # Stopped before it had any items.
            continue
        if end is None or (end != expected and (end.status != "skipped" or end.tries > expected.tries)):
            yield Difference(name, f"{expected}, or skipped", end)
    if verdict.open and not any(end and end.status == "failed" for end in ran.tasks.values()):
        yield Difference("", "a task that failed", "none")


def _out_of_bounds(shape: Shape, lost: dict[str, Ended], ran: Ran) -> Iterator[Difference]:
    for name, end in lost.items():
        others = {other: given for other, given in lost.items() if other != name}
        verdict = judge_shape(shape, others)
        plain = verdict.tasks.get(name, Ended("none", 0))
        if name not in verdict.open and not _allowed(
            shape.tasks[name.partition("[")[0]], plain, end, ran.timed_out[name]
        ):
            yield Difference(name, f"{plain}, or what {ran.timed_out[name]} lost tries make of it", end)


def _not_of_its_items(spec: Spec, ran: Ran) -> Iterator[Difference]:
    """A mapped task ends as its items did."""
    for task in spec.tasks:
        items = [end for name in task.item_ids if (end := ran.tasks.get(name)) is not None]
        if items and ran.tasks[task.id] != word_of(items):
            yield Difference(task.id, f"what comes of {items}", ran.tasks[task.id])


def _allowed(task: Task, plain: Ended, end: Ended, lost: int) -> bool:
    """It ends as it would have, with lost tries beside its own; or as failed, where too few were left for that."""
    if end.tries > task.retries + 1:
        return False
    if end.status == plain.status:
        return end.status == "failed" or plain.tries <= end.tries <= plain.tries + lost
    return end.status == "failed" and lost + max(plain.tries, 1) > task.retries + 1
