"""Limits on resources, as orders: tasks that share a resource run one after the other, in as many lanes as fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core_compiler.diagnostics import Sink
from core_compiler.ir import Edge
from transpilers.luigi import rules
from transpilers.luigi.wire import TaskCall, Tree

#: What a resource without a limit of its own allows, as in Luigi's scheduler.
DEFAULT = 1.0


def lanes(tree: Tree, order: Sequence[TaskCall], sink: Sink) -> tuple[Edge, ...]:
    """Edges that keep every resource within its limit. `order` is topological, so that they make no cycle."""
    return tuple(dict.fromkeys(_edges(tree, order, sink)))


def _edges(tree: Tree, order: Sequence[TaskCall], sink: Sink) -> Iterator[Edge]:
    users: dict[str, list[TaskCall]] = {}
    for call in order:
        for name, amount in call.resources.items():
            if amount > 0 and not call.external:
                users.setdefault(name, []).append(call)
    for name, calls in users.items():
        capacity = tree.settings.resources.get(name, DEFAULT)
        most = max(call.resources[name] for call in calls)
        count = max(1, int(capacity // most))
        if count >= len(calls):
            continue
        sink.report(rules.RESOURCES, subject=name, resource=name, capacity=capacity, count=len(calls), lanes=count)
        for before, after in zip(calls, calls[count:], strict=False):
            yield Edge(before.id, after.id)
