"""Names of variables: identifiers, none reserved, none reused further inside."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.lint.assignments import NOTHING, Known, assignments, known
from core_compiler.asl.lint.model import Finding, Machine, ScopeKind, finding
from core_compiler.diagnostics import Rule, Severity

VARIABLE_NAME = Rule(
    code="SW207",
    severity=Severity.ERROR,
    title="A variable cannot have this name",
    message="{place} sets a variable named {variable!r}, which is {fault}",
    hint="Use a letter, then letters, digits and `_`, at most 80 characters, and not `states`.",
    why=(
        "Step Functions takes Unicode identifiers of up to 80 characters as names of variables. `states` is its "
        "own: it holds the state's input, result, error and context."
    ),
)
SHADOWED = Rule(
    code="SW208",
    severity=Severity.ERROR,
    title="A branch or iteration sets a variable of the scope around it",
    message="{place} sets ${variable}, which is already set around this branch or iteration",
    hint="Choose another name.",
    why=(
        "Branches and iterations run side by side. They can read what was set before the Parallel or Map, but Step "
        "Functions refuses to let them set it again."
    ),
)
VARIABLE_NAME_CHARACTERS = 80


def variable_names(machine: Machine) -> Iterator[Finding]:
    """Check every name in every Assign against the rules for names and against the scopes around."""
    at: list[dict[str, Known]] = []
    for scope in machine.scopes:
        inner = scope.outer >= 0 and scope.kind is not ScopeKind.CHILD
        setting = [(name, found) for name, state in scope.states.items() if (found := list(assignments(state)))]
        # Few scopes set anything.
        at = at or (known(machine) if inner and setting else [])
        outer = at[scope.outer].get(scope.host, NOTHING).possibly if inner and setting else frozenset[str]()
        for name, found in setting:
            for place, variables in found:
                for variable in variables:
                    if fault := _fault(variable):
                        yield finding(VARIABLE_NAME, scope.subject(name), place=place, variable=variable, fault=fault)
                    elif variable in outer:
                        yield finding(SHADOWED, scope.subject(name), place=place, variable=variable)


def _fault(variable: str) -> str:
    if variable == "states":
        return "reserved"
    if len(variable) > VARIABLE_NAME_CHARACTERS:
        return f"longer than {VARIABLE_NAME_CHARACTERS} characters"
    # The underscore is no ID_Start of Unicode, though Python takes it for one.
    return "" if variable.isidentifier() and not variable.startswith("_") else "not an identifier"
