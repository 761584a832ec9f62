"""Time zones as values that went through Airflow have them: pendulum's own, whatever library's they were before.

Source: `deserialize` of `airflow/sdk/serde/serializers/datetime.py`, which hands every zone to `pendulum.timezone`.
"""

from __future__ import annotations

import sys
from typing import Any, cast
from zoneinfo import ZoneInfo


class Timezone(ZoneInfo):
    """Stands for pendulum's class of this name until it is needed: loading pendulum costs more than most tasks do."""

    __module__ = "pendulum.tz.timezone"

    @property
    def __class__(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride, reportIncompatibleMethodOverride]
        """What `isinstance` looks at where this class itself is not the one asked for."""
        return _pendulum().timezone(self.key).__class__

    @property
    def name(self) -> str:
        """What the zone is called."""
        return self.key

    def __getattr__(self, name: str) -> Any:
        return getattr(_pendulum().timezone(self.key), name)

    def __eq__(self, other: object) -> bool:
        return type(other).__name__ == "Timezone" and getattr(other, "key", None) == self.key

    def __hash__(self) -> int:
        return hash(_pendulum().timezone(self.key))

    def __repr__(self) -> str:
        return f"Timezone('{self.key}')"

    def __reduce__(self) -> tuple[Any, ...]:
        return timezone, (self.key,)


def timezone(name: str | int) -> Any:
    """The zone of a name, or that of an offset in seconds."""
    if isinstance(name, int) or "pendulum" in sys.modules:
        return _pendulum().timezone(name)
    return Timezone(name)


def name_of(zone: object) -> str | int | None:
    """What Airflow writes for a zone of a datetime; None for one that it does not read back."""
    kind = type(zone)
    if kind.__name__ == "FixedTimezone" and kind.__module__.startswith("pendulum."):
        return cast("int", getattr(zone, "offset")) or "UTC"  # noqa: B009
    for attribute in ("key", "name", "zone"):
        if hasattr(zone, attribute):
            return cast("str", getattr(zone, attribute))
    return None


def _pendulum() -> Any:
    import pendulum

    return pendulum
