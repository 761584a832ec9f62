"""Taking back: the state of each object before its first change, so that two branches start from the same."""

from __future__ import annotations

from typing import TypeAlias, cast

Attributes: TypeAlias = dict[str, object]
State: TypeAlias = "list[object] | dict[object, object] | set[object] | Attributes"


class Journal:
    """What has changed since it was opened."""

    def __init__(self) -> None:
        self._before: dict[int, tuple[object, State]] = {}

    def note(self, changed: object) -> None:
        """Remember the state of an object that is about to change."""
        if id(changed) not in self._before:
            self._before[id(changed)] = (changed, state_of(changed))

    def take_back(self) -> dict[int, tuple[object, State]]:
        """Restore every object; returns what had become of them."""
        after = {key: (changed, state_of(changed)) for key, (changed, _) in self._before.items()}
        for changed, before in self._before.values():
            put(changed, before)
        return after


def state_of(changed: object) -> State:
    """A copy of what can change in an object."""
    if isinstance(changed, list):
        return list(cast("list[object]", changed))
    if isinstance(changed, dict):
        return dict(cast("dict[object, object]", changed))
    if isinstance(changed, set):
        return set(cast("set[object]", changed))
    return {name: _copied(value) for name, value in vars(changed).items()}


def put(changed: object, state: State) -> None:
    """Give an object a state back."""
    if isinstance(changed, list):
        cast("list[object]", changed)[:] = cast("list[object]", state)
    elif isinstance(changed, dict):
        inside = cast("dict[object, object]", changed)
        inside.clear()
        inside.update(cast("dict[object, object]", state))
    elif isinstance(changed, set):
        items = cast("set[object]", changed)
        items.clear()
        items.update(cast("set[object]", state))
    else:
        vars(changed).update({name: _copied(value) for name, value in cast("Attributes", state).items()})


def _copied(value: object) -> object:
    if isinstance(value, list):
        return list(cast("list[object]", value))
    if isinstance(value, dict):
        # Of its own class, which tells names from dicts of the file.
        kept = cast("dict[object, object]", value)
        made = type(kept)()
        made.update(kept)
        return made
    if isinstance(value, set):
        return set(cast("set[object]", value))
    return value
