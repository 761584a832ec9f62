"""Two runs of the source engine and one of the machine: what is equal, what differs, what cannot be compared."""

from __future__ import annotations

import msgspec

from core_compiler.ir import RETURN_VALUE
from transpilers.verify.outcome import Outcome
from transpilers.verify.report import Difference, Unstable
from transpilers.verify.values import Differs, Varies, parts

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
        states = [one and one.state for one in (mine, again, theirs)]
        if states[0] != states[1]:
            unstable.append(Unstable(dag, name, "state"))
        elif states[0] != states[2]:
            differences.append(Difference(dag, name, "state", states[0], states[2]))
        elif mine and again and theirs and name not in uncounted:
            if mine.tries != again.tries:
                unstable.append(Unstable(dag, name, "tries"))
            elif mine.tries != theirs.tries:
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
            kind = "value" if key == RETURN_VALUE else f"value:{key}"
            source, repeated, machine_value = (side.get(key, ABSENT) for side in sides)
            for found in parts(source, repeated, machine_value):
                match found:
                    case Varies(place):
                        unstable.append(Unstable(dag, name, "value", key, place))
                    case Differs(place, expected, other):
                        differences.append(Difference(dag, name, kind, expected, other, place))
    return Comparison(len(names), counted, tuple(differences), tuple(unstable))
