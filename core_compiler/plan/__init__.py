"""From a workflow's graph to what a machine can do: nodes, structures, and the verifier that judges them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from core_compiler.ir import Workflow
from core_compiler.plan.layers import layers
from core_compiler.plan.nodes import Finish, Node, Parallel, Run, Series, runs
from core_compiler.plan.serial import serial
from core_compiler.plan.verify import BrokenPlan, verify_plan

#: `--structure NAME`: how a graph becomes nested fork and join. `auto` is the best there is so far.
STRUCTURES: Mapping[str, Callable[[Workflow], Series]] = MappingProxyType(
    {"auto": layers, "layers": layers, "serial": serial}
)


def structure(workflow: Workflow, name: str = "auto") -> Series:
    """The verified plan of an acyclic workflow. `name` is a key of STRUCTURES."""
    plan = STRUCTURES[name](workflow)
    verify_plan(plan, workflow)
    return plan


__all__ = [
    "STRUCTURES",
    "BrokenPlan",
    "Finish",
    "Node",
    "Parallel",
    "Run",
    "Series",
    "runs",
    "structure",
    "verify_plan",
]
