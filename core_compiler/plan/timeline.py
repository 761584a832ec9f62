"""What is expected of a run: when each task starts and ends, and the chain of tasks that nothing can shorten."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from core_compiler.graph import topological_order
from core_compiler.ir import Workflow
from core_compiler.plan.durations import Durations, guessed
from core_compiler.plan.early import Decided, first_of
from core_compiler.plan.evaluate import Timing
from core_compiler.plan.nested.graph import binding_graph
from core_compiler.plan.nodes import Node


class Timeline(msgspec.Struct, frozen=True):
    """Seconds from the start of the run by task id, and the tasks of the critical path, first to last."""

    starts: Mapping[str, float]
    ends: Mapping[str, float]
    critical_path: tuple[str, ...]


def timeline(plan: Node, workflow: Workflow, durations: Durations | None = None) -> Timeline:
    """The schedule of a plan; without durations all tasks are alike."""
    seconds = (durations or guessed(workflow)).seconds
    schedule = Timing(plan, first_of(workflow)).schedule(seconds)
    starts, ends = ({task: round(at, 3) for task, at in found.items()} for found in (schedule.starts, schedule.ends))
    # Items of a mapped task that take turns take longer than one.
    own = {task: end - schedule.starts[task] for task, end in schedule.ends.items()}
    return Timeline(starts, ends, critical_path(workflow, own))


def critical_path(workflow: Workflow, seconds: Mapping[str, float]) -> tuple[str, ...]:
    """The chain of tasks that takes longest, by the workflow's own edges: no plan ends before it does.

    A task that starts with the first of some comes after that one; `always` comes after none.
    """
    graph = binding_graph(workflow)
    before = graph.before()
    first: dict[int, tuple[int, ...]] = {}
    for node, early in graph.early.items():
        if early.decided is Decided.LAST:
            before[node] += early.others
        elif early.decided is Decided.FIRST:
            first[node] = early.others
    own = [seconds[name] for name in graph.names]
    ends = [0.0] * len(own)
    came: list[int | None] = [None] * len(own)
    for node in topological_order(len(own), graph.all_edges()):
        waited = [*before[node], *([min(first[node], key=lambda other: ends[other])] if first.get(node) else [])]
        came[node] = max(waited, key=lambda other: ends[other], default=None)
        ends[node] = own[node] + (0.0 if came[node] is None else ends[came[node] or 0])
    at: int | None = max(range(len(own)), key=lambda node: ends[node], default=None)
    path: list[str] = []
    while at is not None:
        path.append(graph.names[at])
        at = came[at]
    return tuple(reversed(path))
