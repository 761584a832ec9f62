"""One execution fits into its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from core_compiler.asl import limits
from core_compiler.asl.lint.flow import post_order, successors
from core_compiler.asl.lint.model import (
    NEARLY,
    Finding,
    Json,
    Machine,
    Scope,
    ScopeKind,
    finding,
    kind_of,
    mapping,
    sequence,
)
from core_compiler.diagnostics import Rule, Severity

TOO_MANY_EVENTS = Rule(
    code="SW217",
    severity=Severity.ERROR,
    title="An execution writes more history than there is room for",
    message="an execution in which nothing fails writes {events:,} events; there is room for {limit:,}",
    hint=(
        "Nest parts of the machine into machines of their own, or use a distributed Map, whose children have their own."
    ),
    why=(
        "The history of a Standard execution holds 25,000 events, and the execution fails when it is full. A Lambda "
        "task costs 5, one with a task token 6, a Parallel 4, an iteration of a Map 2 and what is inside it, a "
        "retry 3."
    ),
)
NEARLY_TOO_MANY_EVENTS = Rule(
    code="SW218",
    severity=Severity.WARNING,
    title="An execution nearly fills its history",
    message=(
        "an execution writes {events:,} events, {retried:,} if each task is retried once; there is room for {limit:,}"
    ),
    hint="Nest parts of the machine into machines of their own, or use a distributed Map.",
    why=(
        "The history of a Standard execution holds 25,000 events, and the execution fails when it is full. Each "
        "retry costs 3 beside what is counted for a run in which nothing fails."
    ),
)
#: What is not listed is entered and exited.
_PLAIN: Mapping[str, int] = {
    "Task": limits.TASK_EVENTS,
    "Parallel": limits.PARALLEL_EVENTS,
    "Map": limits.MAP_EVENTS,
    "Fail": 1,
}


def events(machine: Machine) -> Iterator[Finding]:
    """Count the longest path through each scope, inner scopes first. A state in a cycle counts once."""
    limit = limits.HISTORY_EVENTS
    if _never_many(machine):
        return
    flows = [_flow(scope) for scope in machine.scopes]
    plain = limits.EXECUTION_EVENTS + _longest(machine, flows, retries=0)
    retried = limits.EXECUTION_EVENTS + _longest(machine, flows, retries=1)
    if plain > limit:
        yield finding(TOO_MANY_EVENTS, events=plain, limit=limit)
    elif plain > limit * NEARLY or retried > limit:
        yield finding(NEARLY_TOO_MANY_EVENTS, events=plain, retried=retried, limit=limit)


def _never_many(machine: Machine) -> bool:
    """Whether there are too few states to be worth a look, whatever their paths: so it is with nearly all."""
    kinds = [kind_of(state) for scope in machine.scopes for state in scope.states.values()]
    most = max(limits.TOKEN_TASK_EVENTS, limits.CHILD_EVENTS) + limits.RETRY_EVENTS
    return "Map" not in kinds and limits.EXECUTION_EVENTS + most * len(kinds) <= limits.HISTORY_EVENTS * NEARLY


class _Step(NamedTuple):
    """A state, and where it leads."""

    name: str
    targets: list[str]


def _flow(scope: Scope) -> list[_Step]:
    """The reachable states of a scope, each after those it leads to."""
    arrows = successors(scope)
    return [_Step(name, arrows[name]) for name in post_order(scope, arrows)]


def _longest(machine: Machine, flows: Sequence[list[_Step]], retries: int) -> int:
    inside: dict[tuple[int, str], int] = {}
    longest = 0
    for index in reversed(range(len(machine.scopes))):
        scope = machine.scopes[index]
        longest = _path(index, scope, flows[index], inside, retries)
        if scope.kind is not ScopeKind.CHILD:
            host = (scope.outer, scope.host)
            inside[host] = inside.get(host, 0) + longest
    return longest


def _path(index: int, scope: Scope, flow: list[_Step], inside: Mapping[tuple[int, str], int], retries: int) -> int:
    best: dict[str, int] = {}
    for name, targets in flow:
        state = scope.states[name]
        own = _own(state, inside.get((index, name), 0))
        again = limits.RETRY_EVENTS * retries if sequence(state.get("Retry")) else 0
        best[name] = own + again + max([best.get(target, 0) for target in targets], default=0)
    return best.get(scope.start, 0)


def _own(state: Json, inside: int) -> int:
    kind, resource = kind_of(state), str(state.get("Resource", ""))
    plain = _PLAIN.get(kind, limits.PASS_EVENTS)
    if kind == "Task" and resource.endswith(".waitForTaskToken"):
        return limits.TOKEN_TASK_EVENTS
    if kind == "Task" and resource.endswith((".sync", ".sync:2")):
        return limits.CHILD_EVENTS
    if kind == "Map" and inside:
        return plain + _items(state) * (limits.ITERATION_EVENTS + inside)
    return plain + inside


def _items(state: Json) -> int:
    """The number of items where the definition says it, else one."""
    items = state.get("Items")
    return len(sequence(items)) or len(mapping(items)) or 1
