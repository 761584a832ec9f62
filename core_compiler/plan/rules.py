"""Findings about the plan of a workflow."""

from core_compiler.diagnostics import Rule, Severity

STARTS_LATE = Rule(
    code="SW418",
    severity=Severity.NOTE,
    title="A task whose rule may be decided early waits for all of its upstream tasks",
    message="{task!r} starts when all of its upstream tasks are done; its rule, {word}, may be decided before",
    hint="`--structure rendezvous` starts such a task as soon as its rule is decided.",
    why=(
        "The rules one_success, one_failed and one_done are decided by the first task that ends so, and always by "
        "none. Where the plan is nothing but forks and joins, a task starts after all that stand before it. What "
        "becomes of it is the same, only later. Said once a workflow."
    ),
)

RULES = (STARTS_LATE,)
