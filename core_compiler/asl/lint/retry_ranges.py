"""The numbers of a Retry are within their ranges."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.lint.model import Finding, Machine, finding, is_number, mapping, sequence
from core_compiler.diagnostics import Rule, Severity

RETRY_RANGE = Rule(
    code="SW220",
    severity=Severity.ERROR,
    title="A number of a Retry is out of its range",
    message="{place} is {value!r}, but must be {range}",
    hint="Correct the number.",
    why=(
        "Step Functions takes IntervalSeconds from 1, MaxAttempts from 0 to 99999999, BackoffRate from 1.0, and "
        "MaxDelaySeconds from 1 to 31622400 and above IntervalSeconds (Amazon States Language, Retrying after "
        "error)."
    ),
)
MAX_ATTEMPTS = 99_999_999
MAX_DELAY_SECONDS = 31_622_400
_JITTER = ("FULL", "NONE")


def retry_ranges(machine: Machine) -> Iterator[Finding]:
    """Check each number of each Retry entry."""
    for scope, name, state in machine.states():
        for number, entry in enumerate(sequence(state.get("Retry"))):
            retrier = mapping(entry)
            for field, value in retrier.items():
                if expected := _expected(field, value, retrier.get("IntervalSeconds", 1)):
                    place = f"Retry[{number}].{field}"
                    yield finding(RETRY_RANGE, scope.subject(name), place=place, value=value, range=expected)


def _expected(field: str, value: object, interval: object) -> str:
    """What `field` must be, or "" where `value` is that."""
    match field:
        case "IntervalSeconds":
            return "" if _whole(value, 1, MAX_ATTEMPTS) else "a whole number from 1"
        case "MaxAttempts":
            return "" if _whole(value, 0, MAX_ATTEMPTS) else f"a whole number from 0 to {MAX_ATTEMPTS}"
        case "BackoffRate":
            good = isinstance(value, int | float) and is_number(value) and value >= 1
            return "" if good else "a number from 1.0"
        case "MaxDelaySeconds":
            least = interval + 1 if isinstance(interval, int) else 1
            return "" if _whole(value, least, MAX_DELAY_SECONDS) else f"from {least} to {MAX_DELAY_SECONDS}"
        case "JitterStrategy":
            return "" if value in _JITTER else "FULL or NONE"
        case _:
            return ""


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and is_number(value) and least <= value <= most
