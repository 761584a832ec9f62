"""How control passes between the states of one scope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from core_compiler.asl.lint.model import Json, Scope, kind_of, mapping, sequence

TERMINAL_TYPES = frozenset({"Succeed", "Fail"})


class Exit(NamedTuple):
    """One way out of a state: the target as written, the field that names it, and the variables set on the way."""

    target: str
    field: str
    assign: Json


def exits(state: Json) -> Iterator[Exit]:
    """Every transition of a state, in the order written. A rule or catcher sets its own variables, not the state's."""
    for key in ("Choices", "Catch"):
        for number, entry in enumerate(sequence(state.get(key))):
            target = mapping(entry).get("Next")
            if isinstance(target, str):
                yield Exit(target, f"{key}[{number}].Next", mapping(mapping(entry).get("Assign")))
    for key in ("Next", "Default"):
        target = state.get(key)
        if isinstance(target, str):
            yield Exit(target, key, mapping(state.get("Assign")))


def ends(state: Json) -> bool:
    """Whether the scope can end in this state."""
    return state.get("End") is True or kind_of(state) in TERMINAL_TYPES


def ways(scope: Scope) -> dict[str, list[Exit]]:
    """For each state all ways out of it."""
    return {name: list(exits(state)) for name, state in scope.states.items()}


def successors(scope: Scope, out: Mapping[str, list[Exit]] | None = None) -> dict[str, list[str]]:
    """For each state the states it can go to, those that are not there left out; `out`: its ways, where known."""
    return {
        name: list(dict.fromkeys([way.target for way in found if way.target in scope.states]))
        for name, found in (ways(scope) if out is None else out).items()
    }


def predecessors(arrows: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """For each state the states that can go to it, by those that each can go to."""
    found: dict[str, list[str]] = {name: [] for name in arrows}
    for name, targets in arrows.items():
        for target in targets:
            found[target].append(name)
    return found


def reachable(entries: list[str], arrows: Mapping[str, list[str]]) -> set[str]:
    """`entries` and everything that arrows lead to from them."""
    seen = set(entries)
    waiting = list(entries)
    while waiting:
        for target in arrows[waiting.pop()]:
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


def post_order(scope: Scope, arrows: Mapping[str, list[str]]) -> list[str]:
    """The reachable states, each after those it leads to, as far as there is no cycle (depth first, no recursion)."""
    if not scope.start:
        return []
    order: list[str] = []
    seen = {scope.start}
    stack = [(scope.start, iter(arrows[scope.start]))]
    while stack:
        name, rest = stack[-1]
        target = next((target for target in rest if target not in seen), None)
        if target is None:
            order.append(name)
            stack.pop()
        else:
            seen.add(target)
            stack.append((target, iter(arrows[target])))
    return order
