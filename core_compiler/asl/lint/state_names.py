"""Names of states: short, printable, and each once in the whole definition."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.limits import STATE_NAME_CHARACTERS
from core_compiler.asl.lint.model import Finding, Machine, finding, states_of
from core_compiler.diagnostics import Rule, Severity

DUPLICATE_NAME = Rule(
    code="SW209",
    severity=Severity.ERROR,
    title="Two states have one name",
    message="a state of this name is also at {other!r}",
    hint="Give each state a name of its own, in branches and iterations too.",
    why="Step Functions wants each name once in the whole definition: the history tells states apart by nothing else.",
)
STATE_NAME = Rule(
    code="SW210",
    severity=Severity.ERROR,
    title="A state cannot have this name",
    message="the name has {characters} characters; 1 to 80 are allowed",
    hint="Shorten it.",
    why="Step Functions refuses names of states that are empty or longer than 80 characters.",
)


def state_names(machine: Machine) -> Iterator[Finding]:
    """Compare the names of all scopes."""
    first: dict[str, str] = {}
    for index, name, _ in states_of(machine.scopes):
        subject = machine.scopes[index].subject(name)
        if not 0 < len(name) <= STATE_NAME_CHARACTERS:
            yield finding(STATE_NAME, subject, characters=len(name))
        other = first.setdefault(name, subject)
        if other != subject:
            yield finding(DUPLICATE_NAME, subject, other=other)
