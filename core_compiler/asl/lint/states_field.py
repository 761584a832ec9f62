"""`$states` has the fields that are read of it."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.lint.model import Finding, Json, Machine, Text, finding, kind_of
from core_compiler.diagnostics import Rule, Severity

STATES_FIELD = Rule(
    code="SW226",
    severity=Severity.ERROR,
    title="$states has no such field here",
    message="{place} reads $states.{field}, which is not there: here it has {allowed}",
    hint="Read one of those, or move the expression to where the field is there.",
    why=(
        "$states.input and $states.context are there everywhere. $states.result is there once there is one: in "
        "Assign and Output of a Task, Parallel or Map. $states.errorOutput is there in the Assign and Output of a "
        "Catch entry only."
    ),
)
_ALWAYS = frozenset({"input", "context"})
_WITH_RESULT = frozenset({"Task", "Parallel", "Map"})


def states_field(machine: Machine) -> Iterator[Finding]:
    """Check the step after `$states` in every expression."""
    for text in machine.texts:
        read = {path[1] for path in text.reads.paths if path[0] == "$states"} if text.reads else set[str]()
        allowed = _ALWAYS | _extra(text, machine.scopes[text.scope].states[text.state])
        for field in sorted(read - allowed):
            yield finding(STATES_FIELD, text.subject, place=text.field, field=field, allowed=", ".join(sorted(allowed)))


def _extra(text: Text, state: Json) -> frozenset[str]:
    match text.place:
        case ("Catch", int(), "Assign" | "Output", *_):
            return frozenset({"errorOutput"})
        case ("Assign" | "Output", *_) if kind_of(state) in _WITH_RESULT:
            return frozenset({"result"})
        case _:
            return frozenset()
