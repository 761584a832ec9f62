"""In which order Python looks for an attribute of a class: its method resolution order (C3).

BranchPythonOperator has two bases, and neither fields of its own nor does the first base: they are those of the second,
since what both descend from comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence


def resolution(name: str, bases: Callable[[str], Sequence[str]]) -> list[str]:
    """The class and all that it descends from. `bases` gives those of one class, none for an unknown one."""
    above = list(bases(name))
    lines = [*(resolution(base, bases) for base in above), above]
    found = [name]
    while lines := [line for line in lines if line]:
        heads = [line[0] for line in lines]
        # Where no order is consistent Python has no such class; then any will do.
        first = next((head for head in heads if all(head not in line[1:] for line in lines)), heads[0])
        found.append(first)
        lines = [[each for each in line if each != first] for line in lines]
    return found
