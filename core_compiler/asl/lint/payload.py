"""What a state passes on fits into what Step Functions passes on."""

from __future__ import annotations

import math
from collections.abc import Iterator

import msgspec

from core_compiler.asl.expressions import OPEN
from core_compiler.asl.limits import PAYLOAD_BYTES
from core_compiler.asl.lint.assignments import assignments
from core_compiler.asl.lint.model import Finding, Json, Machine, finding, mapping, sequence, states_of
from core_compiler.diagnostics import Rule, Severity

PAYLOAD = Rule(
    code="SW230",
    severity=Severity.ERROR,
    title="A state passes on more than there is room for",
    message="{place} has at least {size:,} bytes; a state passes on at most {limit:,}",
    hint="Keep the value in a store or a file, and pass on where it is.",
    why=(
        "The input, the output and each variable of a state have at most 256 KiB of JSON. One that is larger ends the "
        "execution with States.DataLimitExceeded, which neither Retry nor Catch sees. What expressions come to is not "
        "counted here."
    ),
)


def payload(machine: Machine) -> Iterator[Finding]:
    """Measure what the definition itself puts into each state's data."""
    if machine.size <= PAYLOAD_BYTES:
        return
    for index, name, state in states_of(machine.scopes):
        # Nearly all are a few hundred bytes, which the encoder tells sooner.
        if "Branches" not in state and _encoded(state) <= PAYLOAD_BYTES:
            continue
        for place, value in _passed_on(state):
            if _encoded(value) > PAYLOAD_BYTES and (size := _least(value)) > PAYLOAD_BYTES:
                yield finding(PAYLOAD, machine.scopes[index].subject(name), place=place, size=size, limit=PAYLOAD_BYTES)


def _passed_on(state: Json) -> Iterator[tuple[str, object]]:
    for key in ("Arguments", "Output", "ItemSelector"):
        if key in state:
            yield key, state[key]
    for key in ("Choices", "Catch"):
        for number, entry in enumerate(sequence(state.get(key))):
            if "Output" in mapping(entry):
                yield f"{key}[{number}].Output", mapping(entry)["Output"]
    for place, variables in assignments(state):
        yield from ((f"{place}.{name}", value) for name, value in variables.items())


def _encoded(value: object) -> float:
    try:
        return len(msgspec.json.encode(value))
    except (UnicodeEncodeError, TypeError, ValueError, RecursionError):
        return math.inf


def _least(value: object) -> int:
    """The bytes of a value, an expression being anything."""
    size, stack = 0, [value]
    while stack:
        inner = stack.pop()
        if isinstance(inner, str):
            size += 1 if inner.startswith(OPEN) else len(inner.encode("utf-8", "replace")) + 2
        elif fields := mapping(inner):
            size += 1 + 2 * len(fields)
            stack += (*fields, *fields.values())
        elif items := sequence(inner):
            size += 1 + len(items)
            stack += items
        else:
            size += len(str(inner))
    return size
