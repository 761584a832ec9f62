"""Which variables a state can count on: those set on every path that leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core_compiler.asl.lint.flow import exits
from core_compiler.asl.lint.model import Json, Machine, Scope, ScopeKind, mapping, sequence


class Known(NamedTuple):
    """`surely`: set on every path to the state. `possibly`: set on some path to it. Both hold what outer scopes set."""

    surely: frozenset[str]
    possibly: frozenset[str]


NOTHING = Known(frozenset(), frozenset())


def known(machine: Machine) -> list[dict[str, Known]]:
    """For each scope, what is set before each of its reachable states.

    A forward data-flow analysis (Kildall 1973). A state's own Assign holds after it only: its fields are all evaluated
    with the values from before. Branches and iterations see what is set before their host; a distributed Map's
    children see nothing of it.
    """
    found: list[dict[str, Known]] = []
    for scope in machine.scopes:
        before = NOTHING
        if scope.outer >= 0 and scope.kind is not ScopeKind.CHILD:
            before = found[scope.outer].get(scope.host, NOTHING)
        found.append(_within(scope, before))
    return found


def assignments(state: Json) -> Iterator[tuple[str, Json]]:
    """Every Assign of a state with its field: its own, those of its Choice rules and of its catchers."""
    if "Assign" in state:
        yield "Assign", mapping(state["Assign"])
    for key in ("Choices", "Catch"):
        if key not in state:
            continue
        for number, entry in enumerate(sequence(state.get(key))):
            if "Assign" in mapping(entry):
                yield f"{key}[{number}].Assign", mapping(mapping(entry)["Assign"])


def assigned(scope: Scope) -> frozenset[str]:
    """Every variable that a scope sets itself, inner scopes left out."""
    return frozenset(name for state in scope.states.values() for _, names in assignments(state) for name in names)


def _within(scope: Scope, before: Known) -> dict[str, Known]:
    if not scope.start:
        return {}
    found = {scope.start: before}
    waiting = [scope.start]
    while waiting:
        name = waiting.pop()
        here = found[name]
        for way in exits(scope.states[name]):
            if way.target not in scope.states:
                continue
            after = Known(here.surely | way.assign.keys(), here.possibly | way.assign.keys())
            seen = found.get(way.target)
            merged = after if seen is None else Known(seen.surely & after.surely, seen.possibly | after.possibly)
            if merged != seen:
                found[way.target] = merged
                waiting.append(way.target)
    return found
