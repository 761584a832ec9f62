"""Gate: what a decision may skip looks at it, and comes after it.

    before: s -> e, e -> t, s skips e and t      after: e.gates (s), t.gates (s), s -> e, e -> t, s -> t

So does a mapped task come after what gives its items, even where its rule may be decided before: Airflow waits for that
in any case (`MappedTaskUpstreamDep` in `ti_deps/deps/mapped_task_upstream_dep.py`).

A gate orders two tasks without becoming part of the `upstream` that a rule is evaluated over, so this runs after
`check` has written that out. Most of these edges are redundant, and `reduce` drops them; not where every path between
the two leads through a task that may start early.
"""

from __future__ import annotations

import msgspec

from core_compiler.diagnostics import Sink
from core_compiler.ir import EARLY_RULES, Edge, Gate, GateKind, Task, Workflow
from core_compiler.ir.indices import gates_between


def gate(workflow: Workflow, sink: Sink) -> Workflow:
    """Write out the gates that decisions and items imply, and the edges that gates imply; `sink` is not used."""
    del sink
    if not any(task.gates or task.decision or _is_early_with_items(task) for task in workflow.tasks):
        return workflow
    before: dict[str, list[str]] = {}
    for task in workflow.tasks:
        for target in task.decision.targets if task.decision else ():
            before.setdefault(target, []).append(task.id)
    tasks = tuple(_gated(task, before.get(task.id, ())) for task in workflow.tasks)
    edges = {(edge.upstream, edge.downstream): edge for edge in workflow.edges}
    for ends in zip(*gates_between(tasks), strict=True):
        edges.setdefault(ends, Edge(*ends))
    return msgspec.structs.replace(workflow, tasks=tasks, edges=tuple(edges.values()))


def _gated(task: Task, deciding: list[str] | tuple[()]) -> Task:
    known = set(task.gates)
    implied = [Gate(other, GateKind.MAY_SKIP) for other in deciding]
    if task.mapping is not None and task.rule in EARLY_RULES:
        implied += [Gate(other, GateKind.AFTER) for other in dict.fromkeys(task.mapping.sources())]
    fresh = [made for made in implied if made not in known]
    return msgspec.structs.replace(task, gates=(*fresh, *task.gates)) if fresh else task


def _is_early_with_items(task: Task) -> bool:
    """Whether it is mapped, and might else start before what it is mapped over."""
    return task.mapping is not None and task.rule in EARLY_RULES
