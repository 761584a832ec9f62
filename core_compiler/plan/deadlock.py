"""Circles in what a plan waits for."""

from __future__ import annotations

from core_compiler.graph import find_cycle
from core_compiler.plan.nodes import Node
from core_compiler.plan.steps import moments


def circle(plan: Node) -> list[str]:
    """The steps of one circle of waiting, as words; empty where the plan can be carried out to its end."""
    found = moments(plan, lambda step: step.others)
    edges = [(before, after) for before, followers in enumerate(found.after) for after in followers]
    ring = find_cycle(len(found.after), edges) or []
    return [found.names[moment] for moment in ring if found.names[moment]]
