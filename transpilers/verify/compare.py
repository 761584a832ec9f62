"""Two runs of the source engine and one of the machine: what is equal, what differs, what cannot be compared."""

from __future__ import annotations

import json

import msgspec

from transpilers.verify.outcome import Outcome
from transpilers.verify.report import Difference, Unstable

ABSENT = "(none)"


class Comparison(msgspec.Struct, frozen=True):
    """One DAG compared: the numbers of tasks and values, and what was found."""

    tasks: int
    values: int
    differences: tuple[Difference, ...]
    unstable: tuple[Unstable, ...]


def compare(dag: str, first: Outcome, second: Outcome, machine: Outcome, uncounted: frozenset[str]) -> Comparison:
    """Compare the machine with `first`; what `second` already does otherwise is unstable and listed, not judged.

    `uncounted`: tasks without code of their own (they only join), for which engines count no tries.
    """
    differences: list[Difference] = []
    unstable: list[Unstable] = []
    if first.state != second.state:
        unstable.append(Unstable(dag, "", "run"))
    elif first.state != machine.state:
        differences.append(Difference(dag, "", "run", first.state, machine.state))
    names = list(dict.fromkeys([*first.tasks, *machine.tasks]))
    for name in names:
        mine, again, theirs = first.tasks.get(name), second.tasks.get(name), machine.tasks.get(name)
        if mine != again:
            unstable.append(Unstable(dag, name, "state"))
            continue
        states = mine and mine.state, theirs and theirs.state
        if states[0] != states[1]:
            differences.append(Difference(dag, name, "state", states[0], states[1]))
        elif mine and theirs and mine.tries != theirs.tries and name not in uncounted:
            differences.append(Difference(dag, name, "tries", mine.tries, theirs.tries))
    for name in dict.fromkeys([*first.skips, *machine.skips]):
        sides = [list(outcome.skips.get(name, ())) for outcome in (first, second, machine)]
        if sides[0] != sides[1]:
            unstable.append(Unstable(dag, name, "skips"))
        elif sides[0] != sides[2]:
            differences.append(Difference(dag, name, "skips", sides[0], sides[2]))
    counted = 0
    for name in names:
        sides = [outcome.values.get(name, {}) for outcome in (first, second, machine)]
        for key in dict.fromkeys([*sides[0], *sides[2]]):
            counted += 1
            source, repeated, found = (side.get(key, ABSENT) for side in sides)
            if _text(source) != _text(repeated):
                unstable.append(Unstable(dag, name, "value", key))
                source, found = _type(source), _type(found)
            if _text(source) != _text(found):
                differences.append(
                    Difference(dag, name, "value" if key == "return_value" else f"value:{key}", source, found)
                )
    return Comparison(len(names), counted, tuple(differences), tuple(unstable))


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _type(value: object) -> str:
    match value:
        case {"$type": str(name)}:
            return name
        case _:
            return type(value).__name__
