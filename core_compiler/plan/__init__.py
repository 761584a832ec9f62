"""From a workflow's graph to what a machine can do: nodes, structures, and the verifier that judges them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from core_compiler.ir import Workflow
from core_compiler.plan.durations import Durations, equal_durations
from core_compiler.plan.faults import BrokenPlan
from core_compiler.plan.layers import layers
from core_compiler.plan.nested import nested
from core_compiler.plan.nodes import Await, Finish, Node, Parallel, Run, Series, Until, awaited, awaits, runs
from core_compiler.plan.order import required
from core_compiler.plan.rendezvous import rendezvous
from core_compiler.plan.serial import serial
from core_compiler.plan.verify import verify_plan

#: `--structure NAME`: how a graph becomes nested fork and join. `auto` is the best there is so far.
STRUCTURES: Mapping[str, Callable[[Workflow, Durations], Series]] = MappingProxyType(
    {"auto": layers, "nested": nested, "rendezvous": rendezvous, "layers": layers, "serial": serial}
)


def structure(workflow: Workflow, name: str = "auto", durations: Durations | None = None) -> Series:
    """The verified plan of an acyclic workflow. `name` is a key of STRUCTURES; without durations all are alike."""
    plan = STRUCTURES[name](workflow, durations or equal_durations(workflow))
    verify_plan(plan, workflow)
    return plan


__all__ = [
    "STRUCTURES",
    "Await",
    "BrokenPlan",
    "Durations",
    "Finish",
    "Node",
    "Parallel",
    "Run",
    "Series",
    "Until",
    "awaited",
    "awaits",
    "equal_durations",
    "required",
    "runs",
    "structure",
    "verify_plan",
]
