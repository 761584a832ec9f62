"""The manifest: what is in a bundle, for people and programs that have no wish to read ASL."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from core_compiler.compiler import Compiled
from core_compiler.emit.children import arn_of
from core_compiler.emit.events import run_event
from core_compiler.emit.names import part_name
from core_compiler.ir import Edge
from core_compiler.plan import awaited, awaits
from core_compiler.plan.timeline import timeline

VERSION = 1
KIND = "stepweave"


def manifest(compiled: Compiled, digests: Mapping[str, str]) -> bytes:
    """The manifest of a bundle with files of these SHA-256 digests, by relative path, as JSON."""
    workflow = compiled.workflow
    waited = awaited(compiled.plan)
    content = {
        "v": VERSION,
        "kind": KIND,
        "name": workflow.name,
        "machine": compiled.name,
        "source": workflow.source,
        "schedule": workflow.schedule,
        "dialect": workflow.context.dialect if workflow.context is not None else None,
        "requires": workflow.requires,
        "structure": compiled.structure,
        "predicted": compiled.prediction,
        **_parts(compiled),
        "tasks": {
            task.id: {"state": compiled.state_of[task.id], "component": task.component, "span": task.span}
            for task in workflow.tasks
        },
        "edges": [*_edges(workflow.edges, kept=True), *_edges(compiled.reduced, kept=False)],
        "groups": workflow.groups,
        "awaits": {step.task: step.others for step in awaits(compiled.plan)},
        "timeline": timeline(compiled.plan, workflow, compiled.durations),
        "events": {
            task.id: run_event(task, workflow.failure_policy, waiters=task.id in waited) for task in workflow.tasks
        },
        "files": {path: digests[path] for path in sorted(digests)},
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _parts(compiled: Compiled) -> dict[str, object]:
    """The machines that are started by others: what to call them, and what stands for their ARNs."""
    parts = {name: {"machine": part_name(compiled.name, name), "placeholder": arn_of(name)} for name in compiled.parts}
    return {"parts": parts} if parts else {}


def _edges(edges: tuple[Edge, ...], *, kept: bool) -> list[dict[str, object]]:
    return [msgspec.to_builtins(edge) | ({} if kept else {"reduced": True}) for edge in edges]
