"""At the top level an expression has no context: `$`, `$$` and bare names mean nothing."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.lint.model import Finding, Machine, finding
from core_compiler.diagnostics import Rule, Severity

CONTEXT = Rule(
    code="SW203",
    severity=Severity.ERROR,
    title="An expression uses a context where there is none",
    message="{place} uses `{used}` where there is no context",
    hint="Write $states.input, a variable, or $states.context.",
    why=(
        "Step Functions evaluates JSONata without an input: `$`, `$$`, and a name or wildcard that does not follow "
        "a dot, a filter or the like, have nothing to refer to. The state's data is in $states. Inside a filter, a "
        "path step, a sort or a group, `$` and names refer to the item and are fine. A function's body has the "
        "context of the place where it is written."
    ),
)


def context(machine: Machine) -> Iterator[Finding]:
    """Report each thing an expression would take from a context."""
    for text in machine.texts:
        for used in text.reads.context if text.reads else ():
            yield finding(CONTEXT, text.subject, place=text.field, used=used)
