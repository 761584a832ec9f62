"""JSONata throughout: no JSONPath language, fields or references."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.lint.model import Finding, Json, Machine, finding, mapping, sequence
from core_compiler.diagnostics import Rule, Severity

JSONPATH = Rule(
    code="SW221",
    severity=Severity.ERROR,
    title="JSONPath in a JSONata machine",
    message="{place} belongs to JSONPath",
    hint="Set QueryLanguage to JSONata at the top, and use Arguments, Output, Assign and Condition.",
    why=(
        "A machine whose QueryLanguage is JSONata has JSONata states only, and they have no fields of JSONPath. "
        "Without a QueryLanguage Step Functions takes JSONPath, and what looks like an expression is passed on as "
        "text."
    ),
)
JSONPATH_FIELDS = frozenset(
    {"InputPath", "OutputPath", "ResultPath", "Parameters", "ResultSelector", "ItemsPath", "Result", "Iterator"}
    | {"SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "ErrorPath", "CausePath"}
    | {"MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath"}
)
_RULE_FIELDS = frozenset({"Variable", "And", "Or", "Not"})
_TEMPLATES = ("Arguments", "Assign", "Output", "ItemSelector")


def jsonpath(machine: Machine) -> Iterator[Finding]:
    """Look for the language, its fields, its Choice rules, and keys that end in `.$`."""
    if machine.definition.get("QueryLanguage") != "JSONata":
        yield finding(JSONPATH, place="QueryLanguage (not JSONata)")
    for scope, name, state in machine.states():
        subject = scope.subject(name)
        if state.get("QueryLanguage", "JSONata") != "JSONata":
            yield finding(JSONPATH, subject, place="QueryLanguage")
        # `Result` was Pass's constant; in a JSONata state it is refused like the others.
        for field in sorted(state.keys() & JSONPATH_FIELDS):
            yield finding(JSONPATH, subject, place=field)
        for number, rule in enumerate(sequence(state.get("Choices"))):
            for field in sorted(mapping(rule).keys() & _RULE_FIELDS):
                yield finding(JSONPATH, subject, place=f"Choices[{number}].{field}")
        for number, catcher in enumerate(sequence(state.get("Catch"))):
            if "ResultPath" in mapping(catcher):
                yield finding(JSONPATH, subject, place=f"Catch[{number}].ResultPath")
        for place in _references(state):
            yield finding(JSONPATH, subject, place=place)


def _references(state: Json) -> Iterator[str]:
    for field in _TEMPLATES:
        if not _refers(state.get(field)):
            continue
        waiting = [(field, state.get(field))]
        while waiting:
            place, value = waiting.pop()
            for key, inner in mapping(value).items():
                if key.endswith(".$"):
                    yield f"{place}.{key}"
                waiting.append((f"{place}.{key}", inner))
            waiting.extend((place, inner) for inner in sequence(value))


def _refers(value: object) -> bool:
    """Whether there is such a key at all: nearly always not, and then its place need not be known."""
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if fields := mapping(inner):
            if any(key.endswith(".$") for key in fields):
                return True
            waiting += fields.values()
        else:
            waiting += sequence(inner)
    return False
