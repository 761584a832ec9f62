"""`States.ALL` stands alone, and last."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.lint.model import Finding, Machine, finding, mapping, sequence
from core_compiler.diagnostics import Rule, Severity

CATCH_ALL = Rule(
    code="SW202",
    severity=Severity.ERROR,
    title="States.ALL is not alone, or not last",
    message="States.ALL in {place} {fault}",
    hint="Give States.ALL an entry of its own, and make it the last one.",
    why=(
        "Retry and Catch are searched from the first entry to the last. What stands behind States.ALL is never "
        "reached, and Step Functions refuses States.ALL beside other names (Amazon States Language, Retrying after "
        "error)."
    ),
)


def catch_all(machine: Machine) -> Iterator[Finding]:
    """Look at each entry of each Retry and Catch."""
    for scope, name, state in machine.states():
        for key in ("Retry", "Catch"):
            entries = [sequence(mapping(entry).get("ErrorEquals")) for entry in sequence(state.get(key))]
            for number, errors in enumerate(entries):
                if "States.ALL" not in errors:
                    continue
                place, subject = f"{key}[{number}]", scope.subject(name)
                if len(errors) > 1:
                    yield finding(CATCH_ALL, subject, place=place, fault="stands beside other names")
                if number < len(entries) - 1:
                    yield finding(CATCH_ALL, subject, place=place, fault="is not in the last entry")
