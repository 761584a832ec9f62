"""What a plan's order implies beyond its places: an edge can be kept by a chain of branches and awaits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from core_compiler.ir import Task
from core_compiler.plan.nodes import Node
from core_compiler.plan.order import required
from core_compiler.plan.steps import moments


def unreached(plan: Node, tasks: Mapping[str, Task], pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Those of `pairs` (up, down) where the end of `up` does not surely come before the start of `down`."""
    wanted: dict[str, list[str]] = {}
    for up, down in pairs:
        wanted.setdefault(up, []).append(down)
    if not wanted:
        return
    found = moments(plan, lambda step: required(step, tasks[step.task]))
    for up, downs in wanted.items():
        seen = {found.ends[up]}
        stack = [found.ends[up]]
        while stack:
            fresh = [moment for moment in found.after[stack.pop()] if moment not in seen]
            seen.update(fresh)
            stack += fresh
        yield from ((up, down) for down in downs if found.starts[down] not in seen)
