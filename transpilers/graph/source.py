"""The source's graph, from the manifest: every task and edge, with the edges that the reduction dropped."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from core_compiler.ir import EdgeKind, Group, TriggerRule
from transpilers.graph.bundle import Edge, Event, Manifest
from transpilers.graph.picture import Cluster, Line, Node, Picture, Shape, Stroke, held, narrower

#: By the tag of the component; a kind without a shape of its own is drawn plain.
SHAPES: Mapping[str, Shape] = {
    "python": Shape.PYTHON,
    "shell": Shape.SHELL,
    "noop": Shape.NOOP,
    "constant": Shape.NOOP,
    "calendar": Shape.NOOP,
    "wait": Shape.NOOP,
    "pickled": Shape.PYTHON,
    "source": Shape.PYTHON,
}


def source_picture(manifest: Manifest) -> Picture:
    """Tasks by component, groups as clusters, data and order edges told apart, redundant edges kept as such.

    The detail of a task is its rule, unless it is all_success, and whether it is run for each item of something. The
    critical path is marked, and where the machine waits across branches.
    """
    path = frozenset(manifest.timeline.critical_path)
    steps = set(pairwise(manifest.timeline.critical_path))
    nodes = tuple(
        Node(
            task,
            SHAPES.get(entry.component.kind, Shape.PLAIN),
            _detail(manifest.events.get(task, Event())),
            task in path,
        )
        for task, entry in manifest.tasks.items()
    )
    lines = tuple(
        Line(
            edge.upstream,
            edge.downstream,
            _stroke(edge, manifest.awaits),
            edge.label,
            (edge.upstream, edge.downstream) in steps,
        )
        for edge in manifest.edges
    )
    return Picture(manifest.name, nodes, lines, _clusters(manifest.groups), narrower(nodes, lines))


def _detail(event: Event) -> str:
    rule = [] if event.rule is TriggerRule.ALL_SUCCESS else [event.rule.value]
    return ", ".join([*rule, *([] if event.over is None else ["for each item"])])


def _stroke(edge: Edge, awaits: Mapping[str, tuple[str, ...]]) -> Stroke:
    if edge.reduced:
        return Stroke.REDUNDANT
    if edge.upstream in awaits.get(edge.downstream, ()):
        return Stroke.AWAIT
    match edge.kind:
        case EdgeKind.DATA:
            return Stroke.DATA
        case EdgeKind.ORDER:
            return Stroke.ORDER


def _clusters(groups: tuple[Group, ...], parent: str | None = None) -> tuple[Cluster, ...]:
    """The clusters of the groups whose parent is `parent`; a task that a group within holds too is left to that one."""
    made: list[Cluster] = []
    for group in groups:
        if group.parent == parent:
            inner = _clusters(groups, group.id)
            deeper = {task for cluster in inner for task in held(cluster)}
            own = tuple(task for task in dict.fromkeys(group.tasks) if task not in deeper)
            made.append(Cluster(group.label or group.id, own, inner))
    return tuple(made)
