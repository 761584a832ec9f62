"""Takes the fields of an event one by one: a schema library would cost more than most tasks' start."""

from __future__ import annotations

from typing import cast

from handler.errors import InvalidEvent
from handler.json_types import Json, JsonObject


def texts(name: str, value: Json) -> tuple[str, ...]:
    """A list of strings; InvalidEvent, naming the field, for anything else."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidEvent(f"{name}: a list of strings is expected, not {value!r}")
    return tuple(cast("list[str]", value))


class Fields:
    """Takes the fields out of an event one by one, and refuses what is left over. null counts as absent."""

    def __init__(self, event: JsonObject) -> None:
        self._left = dict(event)

    def has(self, name: str) -> bool:
        """Whether the field is there."""
        return self._left.get(name) is not None

    def take(self, name: str, default: Json = None) -> Json:
        """The field, whatever it holds."""
        value = self._left.pop(name, None)
        return default if value is None else value

    def text(self, name: str) -> str:
        """A string that is not empty."""
        value = self.take(name)
        if not isinstance(value, str) or not value:
            raise InvalidEvent(f"{name}: a non-empty string is expected, not {value!r}")
        return value

    def items(self, name: str) -> list[Json]:
        """A list, empty where there is none."""
        value = self.take(name, [])
        if not isinstance(value, list):
            raise InvalidEvent(f"{name}: a list is expected, not {value!r}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings."""
        return texts(name, self.items(name))

    def object(self, name: str) -> JsonObject:
        """An object, empty where there is none."""
        value = self.take(name, {})
        if not isinstance(value, dict):
            raise InvalidEvent(f"{name}: an object is expected, not {value!r}")
        return value

    def count(self, name: str) -> int:
        """A whole number from 0, which it is by default."""
        value = self.take(name, 0)
        # JSONata knows no integers, so that 2 can arrive as 2.0.
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0 or value % 1 != 0:
            raise InvalidEvent(f"{name}: a whole number from 0 is expected, not {value!r}")
        return int(value)

    def seconds(self, name: str) -> float | None:
        """A number above 0, None where there is none."""
        value = self.take(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
            raise InvalidEvent(f"{name}: a number of seconds above 0 is expected, not {value!r}")
        return value

    def flag(self, name: str) -> bool:
        """True or false, which it is by default."""
        value = self.take(name, False)
        if not isinstance(value, bool):
            raise InvalidEvent(f"{name}: true or false is expected, not {value!r}")
        return value

    def close(self) -> None:
        """InvalidEvent where a field was not taken."""
        if self._left:
            raise InvalidEvent(f"unknown fields: {', '.join(sorted(self._left))}")
