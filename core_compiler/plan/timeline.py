"""What is expected of a run: when each task starts and ends, and the chain of tasks that nothing can shorten."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from core_compiler.graph import topological_order
from core_compiler.ir import Workflow
from core_compiler.ir.indices import numbered
from core_compiler.plan.durations import Durations, guessed
from core_compiler.plan.evaluate import Timing
from core_compiler.plan.nodes import Node
from core_compiler.plan.order import ordering


class Timeline(msgspec.Struct, frozen=True):
    """Seconds from the start of the run by task id, and the tasks of the critical path, first to last."""

    starts: Mapping[str, float]
    ends: Mapping[str, float]
    critical_path: tuple[str, ...]


def timeline(plan: Node, workflow: Workflow, durations: Durations | None = None) -> Timeline:
    """The schedule of a plan; without durations all tasks are alike."""
    seconds = (durations or guessed(workflow)).seconds
    schedule = Timing(plan).schedule(seconds)
    starts, ends = ({task: round(at, 3) for task, at in found.items()} for found in (schedule.starts, schedule.ends))
    return Timeline(starts, ends, critical_path(workflow, seconds))


def critical_path(workflow: Workflow, seconds: Mapping[str, float]) -> tuple[str, ...]:
    """The chain of tasks that takes longest, by the workflow's own edges: no plan ends before it does."""
    names = [task.id for task in workflow.tasks]
    number = numbered(names)
    edges = [(number[up], number[down]) for up, down in ordering(workflow)]
    before: list[list[int]] = [[] for _ in names]
    for up, down in edges:
        before[down].append(up)
    ends = [0.0] * len(names)
    came: list[int | None] = [None] * len(names)
    for node in topological_order(len(names), edges):
        came[node] = max(before[node], key=lambda other: ends[other], default=None)
        ends[node] = seconds[names[node]] + (0.0 if came[node] is None else ends[came[node] or 0])
    at: int | None = max(range(len(names)), key=lambda node: ends[node], default=None)
    path: list[str] = []
    while at is not None:
        path.append(names[at])
        at = came[at]
    return tuple(reversed(path))
