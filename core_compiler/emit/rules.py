"""Findings about what a workflow becomes."""

from core_compiler.asl.limits import MAP_ITEMS
from core_compiler.diagnostics import Rule, Severity

TOO_MANY_ITEMS = Rule(
    code="SW153",
    severity=Severity.ERROR,
    title="A mapped task has too many items",
    message="task {task} has {items:,} items; a Map has room for {limit:,}",
    hint="Let each item be a part of the list, and go through it inside the task.",
    why=(
        f"A Map is given the indices of its items as state data, of which 256 KiB hold {MAP_ITEMS:,}. More end the "
        "execution with an error that nothing catches."
    ),
)

RULES = (TOO_MANY_ITEMS,)
