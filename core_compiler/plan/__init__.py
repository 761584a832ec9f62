"""From a workflow's graph to what a machine can do: nodes, structures, and the verifier that judges them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from core_compiler.ir import Workflow
from core_compiler.plan.auto import OPTIMIZE, Choice, Chosen, auto, choose
from core_compiler.plan.durations import Durations, guessed
from core_compiler.plan.evaluate import EXPECTED_ITEMS
from core_compiler.plan.faults import BrokenPlan
from core_compiler.plan.items import with_items
from core_compiler.plan.layers import layers
from core_compiler.plan.nested import nested
from core_compiler.plan.nodes import Await, Each, Finish, Node, Parallel, Run, Series, Until, awaited, awaits, runs
from core_compiler.plan.order import required
from core_compiler.plan.rendezvous import rendezvous
from core_compiler.plan.serial import serial
from core_compiler.plan.verify import verify_plan

#: `--structure NAME`: how a graph becomes nested fork and join. `auto` takes the best mix.
STRUCTURES: Mapping[str, Callable[[Workflow, Durations], Series]] = MappingProxyType(
    {"auto": auto, "nested": nested, "rendezvous": rendezvous, "layers": layers, "serial": serial}
)


def structure(
    workflow: Workflow, name: str = "auto", durations: Durations | None = None, optimize: str = "balanced"
) -> Series:
    """The verified plan of an acyclic workflow; see `chosen`."""
    return chosen(workflow, name, durations, optimize).plan


def chosen(
    workflow: Workflow, name: str = "auto", durations: Durations | None = None, optimize: str = "balanced"
) -> Chosen:
    """The verified plan of an acyclic workflow, and what `auto` had to choose from.

    `name` is a key of STRUCTURES; `optimize`, one of OPTIMIZE, matters to auto alone; without durations all are alike.
    """
    known = durations or guessed(workflow)
    found: list[Chosen] = []

    def structured(folded: Workflow, guesses: Durations) -> Series:
        made = choose(folded, guesses, optimize) if name == "auto" else None
        found.append(made or Chosen(STRUCTURES[name](folded, guesses), (), 0.0))
        return found[-1].plan

    plan = with_items(workflow, structured, known)
    verify_plan(plan, workflow)
    return found[-1]._replace(plan=plan)


__all__ = [
    "EXPECTED_ITEMS",
    "OPTIMIZE",
    "STRUCTURES",
    "Await",
    "BrokenPlan",
    "Choice",
    "Chosen",
    "Durations",
    "Each",
    "Finish",
    "Node",
    "Parallel",
    "Run",
    "Series",
    "Until",
    "awaited",
    "awaits",
    "chosen",
    "guessed",
    "required",
    "runs",
    "structure",
    "verify_plan",
]
