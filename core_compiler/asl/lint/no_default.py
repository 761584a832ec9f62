"""A Choice has a Default."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.lint.model import Finding, Machine, finding, kind_of
from core_compiler.diagnostics import Rule, Severity

NO_DEFAULT = Rule(
    code="SW214",
    severity=Severity.WARNING,
    title="A Choice has no Default",
    message="an execution in which no rule matches fails here",
    hint="Add a Default; lead it to a Fail state where nothing else is meant.",
    why=(
        "Without a Default an execution in which no rule matches fails with States.NoChoiceMatched, which a Choice "
        "cannot catch."
    ),
)


def no_default(machine: Machine) -> Iterator[Finding]:
    """Look at each Choice."""
    for scope, name, state in machine.states():
        if kind_of(state) == "Choice" and "Default" not in state:
            yield finding(NO_DEFAULT, scope.subject(name))
