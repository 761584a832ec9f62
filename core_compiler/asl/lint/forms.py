"""States of one form: those that differ in their tasks only, of which a large workflow has thousands.

What no rule about a single state looks at is left out of a form: which state is next, and text in the data that a state
passes on. Of states with equal forms such rules say the same, so one of them is enough to look at.
"""

from __future__ import annotations

import msgspec

from core_compiler.asl.expressions import CLOSE, OPEN
from core_compiler.asl.lint.assignments import assignments
from core_compiler.asl.lint.model import Json, Scope, ScopeKind, State, mapping, sequence, states_of

#: Fields of a state whose text is data.
_DATA = ("Arguments", "Output", "ItemSelector")
#: Fields that name states, that hold entries or scopes (which have states of their own), and prose.
_APART = frozenset({*_DATA, "Next", "Default", "Choices", "Catch", "Branches", "Comment"})
_ENTRY_APART = frozenset({"Next", "Output"})


class Forms:
    """The forms that were met, in all machines that share them."""

    def __init__(self) -> None:
        self._met: set[object] = set()

    def new(self, scopes: tuple[Scope, ...]) -> tuple[State, ...]:
        """The states of a form that was not met; all, where what a state can read depends on those before it."""
        start = scopes[0].start
        first = scopes[0].states.get(start, {})
        if _sets_within(scopes) or "Catch" in first or "Choices" in first:
            return states_of(scopes)
        given = frozenset(mapping(first.get("Assign")))
        children = _in_children(scopes)
        found: list[State] = []
        for state in states_of(scopes):
            form = (_form(state.body), state.body is first, children[state.scope], given)
            if form not in self._met:
                self._met.add(form)
                found.append(state)
        return tuple(found)


def _sets_within(scopes: tuple[Scope, ...]) -> bool:
    """Whether any state but the very first sets a variable."""
    return any(
        True
        for index, scope in enumerate(scopes)
        for name, state in scope.states.items()
        if index or name != scope.start
        for _ in assignments(state)
    )


def _in_children(scopes: tuple[Scope, ...]) -> list[bool]:
    """For each scope whether it runs in a child execution, which sees no variables of its parent."""
    found: list[bool] = []
    for scope in scopes:
        found.append(scope.kind is ScopeKind.CHILD or (scope.outer >= 0 and found[scope.outer]))
    return found


def _form(state: Json) -> object:
    plain = {key: value for key, value in state.items() if key not in _APART}
    if "ItemProcessor" in plain:
        plain["ItemProcessor"] = {**mapping(state["ItemProcessor"]), "States": None}
    return (
        msgspec.json.encode(plain),
        *((key, _of_data(state[key])) for key in _DATA if key in state),
        *((key, type(state[key])) for key in ("Next", "Default", "Comment") if key in state),
        *((key, type(state[key]), *_entries(state[key])) for key in ("Choices", "Catch") if key in state),
        ("Branches" in state, frozenset(map(type, sequence(state.get("Branches"))))),
    )


def _entries(entries: object) -> list[object]:
    found: list[object] = []
    for entry in sequence(entries):
        fields = mapping(entry)
        rest = msgspec.json.encode({key: value for key, value in fields.items() if key not in _ENTRY_APART})
        found.append((type(entry), rest, type(fields.get("Next")), _of_data(fields.get("Output"))))
    return found


def _of_data(value: object) -> object:
    """The shape of data, its keys, and the expressions in it."""
    if type(value) is str:
        return value if value.startswith(OPEN) or value.endswith(CLOSE) else ""
    if fields := mapping(value):
        return tuple([(key, _of_data(inner)) for key, inner in fields.items()])
    if items := sequence(value):
        return frozenset([_of_data(inner) for inner in items])
    return type(value)
