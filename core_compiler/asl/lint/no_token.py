"""A state that waits for a token hands it out."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.lint.model import Finding, Machine, finding
from core_compiler.diagnostics import Rule, Severity

NO_TOKEN = Rule(
    code="SW225",
    severity=Severity.ERROR,
    title="A state waits for a token that nobody gets",
    message="the state waits for its task token, but Arguments does not pass $states.context.Task.Token on",
    hint="Pass $states.context.Task.Token in Arguments.",
    why=(
        "A `.waitForTaskToken` state goes on when somebody sends its token back. Where the token is not among the "
        "arguments nobody can, and the execution waits until its time is up, a year by default."
    ),
)
_TOKEN = ("Task", "Token")


def no_token(machine: Machine) -> Iterator[Finding]:
    """Look for the token in the Arguments of each state that waits for it."""
    handing_out = {
        text.subject
        for text in machine.texts
        if text.place[0] == "Arguments" and text.reads and any(path[-2:] == _TOKEN for path in text.reads.paths)
    }
    for scope, name, state in machine.states():
        resource = state.get("Resource")
        waits = isinstance(resource, str) and resource.endswith(".waitForTaskToken")
        if waits and scope.subject(name) not in handing_out:
            yield finding(NO_TOKEN, scope.subject(name))
