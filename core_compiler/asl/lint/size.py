"""The definition fits into Step Functions."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.limits import DEFINITION_BYTES
from core_compiler.asl.lint.model import NEARLY, Finding, Machine, finding
from core_compiler.diagnostics import Rule, Severity

TOO_LARGE = Rule(
    code="SW215",
    severity=Severity.ERROR,
    title="The definition is too large",
    message="the definition has {size:,} bytes; Step Functions takes at most {limit:,}",
    hint="Nest parts of it into machines of their own. What a Map repeats cannot be cut: map over fewer tasks.",
    why="A definition has at most 1 MB. The quota is hard: AWS raises it for nobody.",
)
NEARLY_TOO_LARGE = Rule(
    code="SW216",
    severity=Severity.WARNING,
    title="The definition is nearly too large",
    message="the definition has {size:,} bytes of at most {limit:,}",
    hint="Nest parts of it into machines of their own before it grows further.",
    why="A definition has at most 1 MB. The quota is hard, and this machine is past four fifths of it.",
)


def size(machine: Machine) -> Iterator[Finding]:
    """Compare the bytes as deployed with the quota."""
    if machine.size > DEFINITION_BYTES:
        yield finding(TOO_LARGE, size=machine.size, limit=DEFINITION_BYTES)
    elif machine.size > DEFINITION_BYTES * NEARLY:
        yield finding(NEARLY_TOO_LARGE, size=machine.size, limit=DEFINITION_BYTES)
