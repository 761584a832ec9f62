"""Time-outs and heartbeats that can work."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.lint.model import Finding, Json, Machine, finding, is_number
from core_compiler.diagnostics import Rule, Severity

MAX_SECONDS = 99_999_999

TIMEOUT = Rule(
    code="SW219",
    severity=Severity.ERROR,
    title="A time-out cannot work",
    message="{place} is {value!r}, but must be {range}",
    hint="Give whole seconds from 1 to 99999999, and let a task beat more often than it times out.",
    why=(
        "Step Functions takes whole seconds only. A heartbeat that is not shorter than the time-out can never be "
        "missed before the time-out ends the state."
    ),
)


def timeouts(machine: Machine) -> Iterator[Finding]:
    """Check TimeoutSeconds of the machine and its tasks, HeartbeatSeconds, and the Seconds of a Wait."""
    yield from _seconds("", machine.definition, "TimeoutSeconds", least=1)
    for scope, name, state in machine.states():
        subject = scope.subject(name)
        yield from _seconds(subject, state, "TimeoutSeconds", least=1)
        yield from _seconds(subject, state, "HeartbeatSeconds", least=1)
        yield from _seconds(subject, state, "Seconds", least=0)
        timeout, beat = state.get("TimeoutSeconds"), state.get("HeartbeatSeconds")
        if isinstance(timeout, int) and isinstance(beat, int) and beat >= timeout:
            shorter = f"shorter than TimeoutSeconds, {timeout}"
            yield finding(TIMEOUT, subject, place="HeartbeatSeconds", value=beat, range=shorter)


def _seconds(subject: str, holder: Json, field: str, *, least: int) -> Iterator[Finding]:
    value = holder.get(field, least)
    if isinstance(value, str) and value.startswith("{%"):
        return
    if not is_number(value) or not isinstance(value, int) or not least <= value <= MAX_SECONDS:
        span = f"a whole number from {least} to {MAX_SECONDS}"
        yield finding(TIMEOUT, subject, place=field, value=value, range=span)
