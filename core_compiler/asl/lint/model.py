"""What the rules look at: the scopes of a definition, their states, and every text that Step Functions would evaluate.

Any JSON can be read. What has the wrong shape is taken as empty here and named by the rule `shape`, so that no other
rule has to look twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple, cast

from core_compiler.asl.expressions import CLOSE, OPEN
from core_compiler.asl.jsonata import JsonataSyntaxError, Reads, read
from core_compiler.diagnostics import Rule

Json = Mapping[str, object]

#: Beyond this share of a quota a warning is due.
NEARLY = 0.8

#: Fields of a state that hold names, numbers, states or prose, which are not evaluated.
_NOT_EVALUATED = frozenset(
    {"Type", "Comment", "QueryLanguage", "Next", "Default", "Resource", "Retry", "Label"}
    | {"Branches", "ItemProcessor", "Iterator"}
)
_ENTRY_NOT_EVALUATED = frozenset({"ErrorEquals", "Next", "Comment"})

#: JSON that has nothing inside it, and what is not there.
_PLAIN = frozenset({str, int, float, bool, type(None)})

Place = tuple[str | int, ...]


class Finding(NamedTuple):
    """One finding of a rule; `values` fill its templates."""

    rule: Rule
    subject: str
    values: dict[str, object]


def finding(rule: Rule, subject: str = "", **values: object) -> Finding:
    """A finding about the state `subject`, or about the whole definition."""
    return Finding(rule, subject, values)


class ScopeKind(Enum):
    """Whose states these are. A distributed Map's run in executions of their own."""

    MACHINE = "the machine"
    BRANCH = "a branch"
    ITERATION = "an iteration"
    CHILD = "a child execution"


class Scope(NamedTuple):
    """States with one entry: the machine, a branch of a Parallel, or what a Map repeats.

    `path` stands before each state's name in findings; `host` is the state of the scope number `outer` it is inside of.
    """

    kind: ScopeKind
    path: str
    body: Json
    states: Mapping[str, Json]
    outer: int = -1
    host: str = ""

    @property
    def start(self) -> str:
        """The name of the first state, "" where it is not there."""
        start = self.body.get("StartAt")
        return start if isinstance(start, str) and start in self.states else ""

    def subject(self, name: str) -> str:
        """How findings call a state: `fork[0]/step`."""
        return f"{self.path}{name}"


class Text(NamedTuple):
    """A string that is evaluated: where it stands, and what it reads, or why it cannot be read."""

    scope: int
    state: str
    subject: str
    place: Place
    source: str
    reads: Reads | None
    fault: str

    @property
    def field(self) -> str:
        """The place as a person writes it: `Choices[0].Condition`."""
        parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.place)
        return "".join(parts).removeprefix(".")


class State(NamedTuple):
    """A state of the scope of this number."""

    scope: int
    name: str
    body: Json


class Machine(NamedTuple):
    """A definition taken apart. An outer scope stands before its inner ones; `size` is the bytes as deployed.

    `chosen` are the states that rules about a single state look at, and `texts` are theirs: of those that differ in
    nothing that matters to such rules, one may stand for all. The scopes have every state.
    """

    definition: Json
    scopes: tuple[Scope, ...]
    chosen: tuple[State, ...]
    texts: tuple[Text, ...]
    size: int

    def states(self) -> Iterator[tuple[Scope, str, Json]]:
        """The chosen states, each with its scope and name."""
        for scope, name, state in self.chosen:
            yield self.scopes[scope], name, state


Choose = Callable[[tuple[Scope, ...]], tuple[State, ...]]


def states_of(scopes: tuple[Scope, ...]) -> tuple[State, ...]:
    """Every state of every scope."""
    return tuple([State(index, *named) for index, scope in enumerate(scopes) for named in scope.states.items()])


def take_apart(definition: Json, size: int, choose: Choose = states_of) -> Machine:
    """A definition, its scopes, the states chosen among them; `size` 0 means that of its most compact JSON."""
    scopes = _scopes(definition)
    chosen = choose(scopes)
    return Machine(
        definition=definition,
        scopes=scopes,
        chosen=chosen,
        texts=tuple(_texts(scopes, chosen)),
        size=size or len(json.dumps(definition, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")),
    )


_NO_FIELDS: Json = {}
_NO_ITEMS: Sequence[object] = ()


def mapping(value: object) -> Json:
    """`value` if it is a JSON object, else an empty one."""
    # Nearly all are plain: asking an abstract class takes several times as long.
    kind = type(value)
    if kind is dict:
        return value  # pyright: ignore[reportReturnType, reportUnknownVariableType]
    if kind in _PLAIN or not isinstance(value, Mapping):
        return _NO_FIELDS
    return cast("Json", value)


def sequence(value: object) -> Sequence[object]:
    """`value` if it is a JSON array, else an empty one."""
    kind = type(value)
    if kind is list:
        return value  # pyright: ignore[reportReturnType, reportUnknownVariableType]
    if kind in _PLAIN or not isinstance(value, (list, tuple)):
        return _NO_ITEMS
    return cast("Sequence[object]", value)


def kind_of(state: Json) -> str:
    """The type of a state, "" where it has none that is text."""
    kind = state.get("Type")
    return kind if isinstance(kind, str) else ""


def is_number(value: object) -> bool:
    """Whether `value` is a JSON number: Python counts booleans among the integers."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _scopes(definition: Json) -> tuple[Scope, ...]:
    found = [_scope(ScopeKind.MACHINE, "", definition, -1, "")]
    # Grows while it is walked: a definition may be nested deeper than Python's stack.
    for index, scope in enumerate(found):
        for name, state in scope.states.items():
            subject = scope.subject(name)
            for number, branch in enumerate(sequence(state.get("Branches"))):
                found.append(_scope(ScopeKind.BRANCH, f"{subject}[{number}]/", mapping(branch), index, name))
            processor = mapping(state.get("ItemProcessor", state.get("Iterator")))
            if processor:
                mode = mapping(processor.get("ProcessorConfig")).get("Mode")
                kind = ScopeKind.CHILD if mode == "DISTRIBUTED" else ScopeKind.ITERATION
                found.append(_scope(kind, f"{subject}/", processor, index, name))
    return tuple(found)


def _scope(kind: ScopeKind, path: str, body: Json, outer: int, host: str) -> Scope:
    states = {str(name): mapping(state) for name, state in mapping(body.get("States")).items()}
    return Scope(kind, path, body, states, outer, host)


def _texts(scopes: tuple[Scope, ...], chosen: Iterable[State]) -> Iterator[Text]:
    for index, name, state in chosen:
        for place, text in _evaluated(state):
            source = text.removeprefix(OPEN).removesuffix(CLOSE).strip()
            yield Text(index, name, scopes[index].subject(name), place, source, *_read(text, source))


def _evaluated(state: Json) -> Iterator[tuple[Place, str]]:
    for key, value in state.items():
        if key in ("Choices", "Catch"):
            for number, entry in enumerate(sequence(value)):
                for inner, held in mapping(entry).items():
                    if inner not in _ENTRY_NOT_EVALUATED:
                        yield from _strings(held, (key, number, inner))
        elif key not in _NOT_EVALUATED:
            yield from _strings(value, (key,))


def _strings(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    """The strings in a value that may be expressions."""
    if isinstance(value, str):
        if value.startswith(OPEN) or value.endswith(CLOSE):
            yield place, value
        return
    if type(value) in _PLAIN:
        return
    for key, inner in mapping(value).items():
        yield from _strings(inner, (*place, key))
    for number, inner in enumerate(sequence(value)):
        yield from _strings(inner, (*place, number))


def _read(text: str, source: str) -> tuple[Reads | None, str]:
    if not (text.startswith(OPEN) and text.endswith(CLOSE)) or len(text) < len(OPEN) + len(CLOSE):
        return None, f"it begins with {OPEN!r} or ends with {CLOSE!r}, but not both"
    try:
        return read(source), ""
    except JsonataSyntaxError as error:
        return None, str(error)
