"""Definitions, states and their entries have the fields they need, of the right kind, and no others."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.lint import fields
from core_compiler.asl.lint.jsonpath import JSONPATH_FIELDS
from core_compiler.asl.lint.model import Finding, Json, Machine, Scope, ScopeKind, finding, kind_of, mapping, sequence
from core_compiler.diagnostics import Rule, Severity

SHAPE = Rule(
    code="SW224",
    severity=Severity.ERROR,
    title="A part of the definition has the wrong shape",
    message="{place} {fault}",
    hint="Correct the definition.",
    why=(
        "Step Functions refuses a definition in which a field is missing, has the wrong kind of value, or is not "
        "known. A misspelt field is the same as a missing one. Source: the Amazon States Language and the developer "
        "guide."
    ),
)
_SCOPE_FIELDS = {
    ScopeKind.MACHINE: fields.MACHINE_FIELDS,
    ScopeKind.BRANCH: fields.BRANCH_FIELDS,
    ScopeKind.ITERATION: fields.ITERATION_FIELDS,
    ScopeKind.CHILD: fields.ITERATION_FIELDS,
}


def shape(machine: Machine) -> Iterator[Finding]:
    """Check each scope, each state, and the entries of Choices, Retry and Catch."""
    for scope in machine.scopes:
        yield from (finding(SHAPE, scope.path.removesuffix("/"), place=p, fault=f) for p, f in _scope(scope))
    for scope, name, state in machine.states():
        subject = scope.subject(name)
        if kind_of(state) not in fields.STATE_FIELDS:
            yield finding(SHAPE, subject, place="Type", fault=f"is {state.get('Type')!r}, which is no type of state")
            continue
        yield from (finding(SHAPE, subject, place=p, fault=f) for p, f in (*_state(state), *_entries(state)))


def _scope(scope: Scope) -> Iterator[tuple[str, str]]:
    for field in sorted(scope.body.keys() - _SCOPE_FIELDS[scope.kind]):
        yield field, f"is not a field of {scope.kind.value}"
    if not isinstance(scope.body.get("StartAt"), str):
        yield "StartAt", "is missing"
    states = scope.body.get("States")
    if not mapping(states):
        yield "States", "is missing or empty"
    for name, state in mapping(states).items():
        if not mapping(state):
            yield f"States.{name}", "is not a state"


def _state(state: Json) -> Iterator[tuple[str, str]]:
    kind = kind_of(state)
    for field in sorted(state.keys() - fields.STATE_FIELDS[kind] - fields.COMMON - JSONPATH_FIELDS):
        yield field, f"is not a field of a {kind}"
    for field in fields.REQUIRED.get(kind, ()):
        if not state.get(field):
            yield field, "is missing or empty"
    if kind in fields.GOING_ON and ("Next" in state) == ("End" in state):
        yield "Next", "or End has to be there, and not both"
    if kind == "Wait" and ("Seconds" in state) == ("Timestamp" in state):
        yield "Seconds", "or Timestamp has to be there, and not both"
    for field, value in state.items():
        if wanted := _wrong(field, value):
            yield field, f"is not {wanted}"
    for number, branch in enumerate(sequence(state.get("Branches"))):
        if not mapping(branch):
            yield f"Branches[{number}]", "is not an object"


def _wrong(field: str, value: object) -> str:
    """What `value` had to be, or ""."""
    match field:
        case "Next" | "Default" | "Comment" | "Label" | "Error" | "Cause":
            return "" if isinstance(value, str) else "text"
        case "Resource":
            return "" if isinstance(value, str) and not value.startswith("{%") else "a fixed ARN"
        case "End":
            return "" if value is True else "true; leave it out instead"
        case "Assign" | "ItemProcessor":
            return "" if isinstance(value, dict) else "an object"
        case "Branches" | "Choices" | "Retry" | "Catch":
            return "" if isinstance(value, list) else "an array"
        case "Items":
            return "" if isinstance(value, list | dict) or _is_expression(value) else "an array or an expression"
        case _:
            return ""


def _entries(state: Json) -> Iterator[tuple[str, str]]:
    for field, (needed, optional) in fields.ENTRIES.items():
        for number, entry in enumerate(sequence(state.get(field))):
            held, place = mapping(entry), f"{field}[{number}]"
            for key in sorted(needed - held.keys()):
                yield f"{place}.{key}", "is missing"
            for key in sorted(held.keys() - needed - optional - {"ResultPath", "Variable", "And", "Or", "Not"}):
                yield f"{place}.{key}", "is not known there"
            if "Next" in held and not isinstance(held["Next"], str):
                yield f"{place}.Next", "is not text"
            if "Assign" in held and not isinstance(held["Assign"], dict):
                yield f"{place}.Assign", "is not an object"
            errors = sequence(held.get("ErrorEquals"))
            if "ErrorEquals" in held and not (errors and all(isinstance(error, str) for error in errors)):
                yield f"{place}.ErrorEquals", "is not a list of error names"
            condition = held.get("Condition", True)
            if not isinstance(condition, bool) and not _is_expression(condition):
                yield f"{place}.Condition", "is neither an expression nor true or false"


def _is_expression(value: object) -> bool:
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}")
