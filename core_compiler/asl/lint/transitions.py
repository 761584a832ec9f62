"""Transitions: every one leads somewhere, every state is led to, and from every state an end can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.lint.flow import ends, predecessors, reachable, successors, ways
from core_compiler.asl.lint.model import Finding, Machine, finding
from core_compiler.diagnostics import Rule, Severity

MISSING_TARGET = Rule(
    code="SW211",
    severity=Severity.ERROR,
    title="A transition leads to a state that is not there",
    message="{place} names {target!r}, which is not among the states {where}",
    hint="Name a state of the same machine, branch or iteration.",
    why=(
        "A transition cannot leave the branch or iteration it is in, nor enter one. Step Functions refuses a "
        "definition in which Next, Default or StartAt names anything but a state beside it."
    ),
)
UNREACHABLE = Rule(
    code="SW212",
    severity=Severity.ERROR,
    title="No path leads to a state",
    message="no path leads here from {start!r}",
    hint="Lead a transition to it, or remove it.",
    why="A state that cannot be reached never runs: work that was meant to be done is left out without a word.",
)
NO_END = Rule(
    code="SW213",
    severity=Severity.ERROR,
    title="No end can be reached",
    message="no path from here reaches an end",
    hint="Set End on the last state, or lead to a Succeed or Fail state.",
    why=(
        "An execution that comes here goes round until the history is full or its time is up. Each machine, branch "
        "and iteration needs a state with End, a Succeed or a Fail that can be reached from everywhere in it."
    ),
)


def transitions(machine: Machine) -> Iterator[Finding]:
    """Follow the transitions of each scope forwards from its start and backwards from its ends."""
    for scope in machine.scopes:
        where = f"of {scope.kind.value}"
        start = scope.body.get("StartAt")
        if isinstance(start, str) and not scope.start:
            yield finding(MISSING_TARGET, scope.path.removesuffix("/"), place="StartAt", target=start, where=where)
        out = ways(scope)
        for name, found in out.items():
            for way in found:
                if way.target not in scope.states:
                    subject = scope.subject(name)
                    yield finding(MISSING_TARGET, subject, place=way.field, target=way.target, where=where)
        if not scope.start:
            continue
        arrows = successors(scope, out)
        seen = reachable([scope.start], arrows)
        ending = reachable([name for name, state in scope.states.items() if ends(state)], predecessors(arrows))
        for name in scope.states:
            if name not in seen:
                yield finding(UNREACHABLE, scope.subject(name), start=scope.start)
            elif name not in ending:
                yield finding(NO_END, scope.subject(name))
