"""Every expression can be parsed."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.lint.model import Finding, Machine, finding
from core_compiler.diagnostics import Rule, Severity

SYNTAX = Rule(
    code="SW222",
    severity=Severity.ERROR,
    title="An expression is not JSONata",
    message="{place} cannot be read: {fault}",
    hint="Correct the expression; Step Functions has JSONata 2.0.6.",
    why=(
        "A string that begins with `{%` and ends with `%}` is an expression, and Step Functions refuses a "
        "definition with one it cannot parse. Operators of later versions of JSONata, `??` and `?:`, are not known "
        "to it. Text that only looks like an expression has to be quoted inside one."
    ),
)


def syntax(machine: Machine) -> Iterator[Finding]:
    """Report what the reader of JSONata refused."""
    for text in machine.texts:
        if text.reads is None:
            yield finding(SYNTAX, text.subject, place=text.field, fault=text.fault)
