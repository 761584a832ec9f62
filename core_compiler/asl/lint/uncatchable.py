"""Retry and Catch name errors that can be caught, and that exist."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.lint.model import Finding, Machine, finding, mapping, sequence
from core_compiler.diagnostics import Rule, Severity

UNCATCHABLE = Rule(
    code="SW223",
    severity=Severity.ERROR,
    title="An error that cannot be caught is named",
    message="{place} names {error}, which ends the execution whatever is written here",
    hint="Remove it, and keep what would cause it from happening.",
    why=(
        "States.Runtime and States.DataLimitExceeded are terminal: neither Retry nor Catch sees them, nor does "
        "States.ALL. An entry for them promises a recovery that never comes."
    ),
)
UNKNOWN_ERROR = Rule(
    code="SW227",
    severity=Severity.ERROR,
    title="An error of Step Functions is named that does not exist",
    message="{place} names {error!r}, which Step Functions never raises",
    hint="Correct the name.",
    why=(
        "Names that begin with `States.` belong to Step Functions. A misspelt one is refused or never matches anything."
    ),
)
_TERMINAL = frozenset({"States.Runtime", "States.DataLimitExceeded"})
#: Step Functions developer guide, Error names.
_KNOWN = frozenset(
    {"States.ALL", "States.BranchFailed", "States.ExceedToleratedFailureThreshold", "States.HeartbeatTimeout"}
    | {"States.Http.Socket", "States.IntrinsicFailure", "States.ItemReaderFailed", "States.NoChoiceMatched"}
    | {
        "States.ParameterPathFailure",
        "States.Permissions",
        "States.QueryEvaluationError",
        "States.ResultPathMatchFailure",
    }
    | {"States.ResultWriterFailed", "States.TaskFailed", "States.Timeout"}
)


def uncatchable(machine: Machine) -> Iterator[Finding]:
    """Check each name in each Retry and Catch."""
    for scope, name, state in machine.states():
        for key in ("Retry", "Catch"):
            for number, entry in enumerate(sequence(state.get(key))):
                for error in sequence(mapping(entry).get("ErrorEquals")):
                    place, subject = f"{key}[{number}].ErrorEquals", scope.subject(name)
                    if not isinstance(error, str):
                        continue
                    if error in _TERMINAL:
                        yield finding(UNCATCHABLE, subject, place=place, error=error)
                    elif error.startswith("States.") and error not in _KNOWN:
                        yield finding(UNKNOWN_ERROR, subject, place=place, error=error)
