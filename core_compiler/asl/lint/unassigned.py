"""Variables are set before they are read, and within reach."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.jsonata import FUNCTIONS
from core_compiler.asl.lint.assignments import assigned, known
from core_compiler.asl.lint.model import Finding, Machine, ScopeKind, finding
from core_compiler.diagnostics import Rule, Severity

UNASSIGNED = Rule(
    code="SW205",
    severity=Severity.ERROR,
    title="A variable is read before it is set",
    message="{place} reads ${variable}, which is {fault}",
    hint="Set ${variable} in Assign on every path to this state, or guard it with $exists(${variable}).",
    why=(
        "An execution that takes a path on which the variable was never set fails there with "
        "States.QueryEvaluationError. A state's Assign holds only after the state: its other fields, its Output "
        "among them, see the values from before."
    ),
)
LEAKED = Rule(
    code="SW206",
    severity=Severity.ERROR,
    title="A variable is read outside the branch or iteration that sets it",
    message="{place} reads ${variable}, which is set only inside {owner}",
    hint="Return the value through the Output of the branch, and read it from the result of the Parallel or Map.",
    why=(
        "What a branch of a Parallel or an iteration of a Map sets, stays there, and is gone when it ends. Only its "
        "output comes out."
    ),
)
OUT_OF_REACH = Rule(
    code="SW229",
    severity=Severity.ERROR,
    title="A child of a distributed Map reads a variable of its parent",
    message="{place} reads ${variable}, which is set outside the distributed Map",
    hint="Pass the value to the children with ItemSelector or ItemBatcher.BatchInput.",
    why=(
        "The children of a distributed Map are executions of their own. They see their input and what they set "
        "themselves, and no variable of the execution that started them."
    ),
)
_GIVEN = FUNCTIONS | {"states", "eval"}


def unassigned(machine: Machine) -> Iterator[Finding]:
    """Compare what each expression reads with what is set on the way to its state."""
    if not machine.texts:
        return
    at = known(machine)
    sets = [assigned(scope) for scope in machine.scopes]
    for text in machine.texts:
        here = at[text.scope].get(text.state)
        if text.reads is None or here is None:
            continue
        for variable in sorted(text.reads.variables - text.reads.guarded - _GIVEN - here.surely):
            around = _around(machine, text.scope)
            inside = next((i for i, names in enumerate(sets) if variable in names and i not in around), -1)
            if variable in here.possibly:
                fault = "not set on every path to this state"
                yield finding(UNASSIGNED, text.subject, place=text.field, variable=variable, fault=fault)
            elif any(variable in sets[index] for index in around if index < _own_execution(machine, text.scope)):
                yield finding(OUT_OF_REACH, text.subject, place=text.field, variable=variable)
            elif inside >= 0:
                owner = repr(machine.scopes[inside].path.removesuffix("/"))
                yield finding(LEAKED, text.subject, place=text.field, variable=variable, owner=owner)
            else:
                fault = "not set before this state"
                yield finding(UNASSIGNED, text.subject, place=text.field, variable=variable, fault=fault)


def _around(machine: Machine, scope: int) -> list[int]:
    """A scope and those around it, the innermost first."""
    found: list[int] = []
    while scope >= 0:
        found.append(scope)
        scope = machine.scopes[scope].outer
    return found


def _own_execution(machine: Machine, scope: int) -> int:
    """The outermost scope that runs in the same execution as `scope`."""
    around = _around(machine, scope)
    return next((index for index in around if machine.scopes[index].kind is ScopeKind.CHILD), 0)
