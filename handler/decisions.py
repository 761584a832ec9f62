"""Decisions: which tasks a returned value skips (`providers/standard/utils/skipmixin.py`, `operators/branch.py`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias, cast

from handler.errors import TaskError


class Branch(NamedTuple):
    """Skips the `targets` that no returned name follows; `others` are names that follow none. A task that skips
    something leaves its value only if it `keeps_value`."""

    targets: tuple[str, ...]
    follows: Mapping[str, tuple[str, ...]]
    others: frozenset[str]
    keeps_value: bool = False


class ShortCircuit(NamedTuple):
    """Skips all `targets` if the returned value is falsy; `keeps_value` as for a branch."""

    targets: tuple[str, ...]
    keeps_value: bool = False


Decision: TypeAlias = Branch | ShortCircuit


def decide_skips(decision: Decision, returned: object) -> tuple[str, ...]:
    """The targets to skip, in their order. TaskError for a value that a branch cannot follow."""
    if isinstance(decision, ShortCircuit):
        return () if returned else decision.targets
    kept: set[str] = set()
    for name in _names(returned):
        follows = decision.follows.get(name)
        if follows is not None:
            kept.update(follows)
        elif name not in decision.others:
            raise TaskError(f"a branch must lead to tasks or task groups of the workflow, and {name!r} is none")
    return tuple(target for target in decision.targets if target not in kept)


def _names(returned: object) -> list[str]:
    if returned is None:
        return []
    if isinstance(returned, str):
        return [returned]
    if not isinstance(returned, Iterable):
        raise TaskError(f"a branch must return a name, several, or None, not {type(returned).__name__}")
    names = list(cast("Iterable[object]", returned))
    for name in names:
        if not isinstance(name, str):
            raise TaskError(f"a branch must return names, not {type(name).__name__}")
    return cast("list[str]", names)
