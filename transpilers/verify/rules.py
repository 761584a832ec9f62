"""Findings about a verification that could not be carried out."""

from core_compiler.diagnostics import Rule, Severity

NOT_RUN = Rule(
    code="SW661",
    severity=Severity.ERROR,
    title="A side of the verification did not run to its end",
    message="{reason}",
    hint="Run it alone to see more: `airflow dags test` for the source, `transpile run` for the machine.",
    why="A verification compares two finished runs. Where one of them does not end, nothing was shown.",
)
NO_ISOLATION = Rule(
    code="SW662",
    severity=Severity.ERROR,
    title="The network cannot be cut off on this system",
    message="this system gives no network namespace, so the code was not run",
    hint="Pass --allow-network to run it with the network on.",
    why="A verification runs your code twice. Without the network it cannot write to a real service twice; so code "
    "runs with the network off unless you say otherwise, and not at all where that is not possible.",
)

RULES = (NOT_RUN, NO_ISOLATION)
