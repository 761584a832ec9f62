"""The execution's own name is read once, in the first state."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from core_compiler.asl.lint.model import Finding, Machine, finding
from core_compiler.diagnostics import Rule, Severity

EXECUTION_NAME = Rule(
    code="SW201",
    severity=Severity.ERROR,
    title="The execution's name is read outside the first state",
    message="{place} reads the name or id of the execution",
    hint="Put it into a variable in the first state, and read that variable.",
    why=(
        "The children of a distributed Map and nested machines run as executions of their own, with names of their "
        "own. A key made from the name there would split one run's records over several places. So it is read once, "
        "in the first state of the machine, and handed on as data."
    ),
)
_OWN = frozenset({"Name", "Id"})


def execution_name(machine: Machine) -> Iterator[Finding]:
    """Look for `Execution.Name` and `Execution.Id` in every expression but those of the first state."""
    first = machine.scopes[0].start
    for text in machine.texts:
        if text.reads is None or (text.scope == 0 and text.state == first):
            continue
        if any(_names_execution(path) for path in text.reads.paths):
            yield finding(EXECUTION_NAME, text.subject, place=text.field)


def _names_execution(path: tuple[str, ...]) -> bool:
    return any(before == "Execution" and after in _OWN for before, after in pairwise(path))
