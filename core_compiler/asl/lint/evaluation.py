"""`$eval` does not exist in Step Functions."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.lint.model import Finding, Machine, finding
from core_compiler.diagnostics import Rule, Severity

EVALUATION = Rule(
    code="SW204",
    severity=Severity.ERROR,
    title="$eval is not available",
    message="{place} calls $eval",
    hint="Use $parse to read JSON; write other expressions out.",
    why=(
        "Step Functions has all functions of JSONata but $eval, which it refuses because expressions must be known "
        "when the machine is created (developer guide, Transforming data with JSONata)."
    ),
)


def evaluation(machine: Machine) -> Iterator[Finding]:
    """Look for `$eval` in every expression that does not define it itself."""
    for text in machine.texts:
        if text.reads and "eval" in text.reads.variables:
            yield finding(EVALUATION, text.subject, place=text.field)
