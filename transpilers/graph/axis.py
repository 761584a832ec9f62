"""Moments of a run in words, and where an axis of them has its ticks."""

from __future__ import annotations

from collections.abc import Iterator

#: Between two ticks (seconds): steps that people count in.
_STEPS = (
    *(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400),
)
_MOST = 8
MINUTE, HOUR, DAY = 60, 3600, 86400


def ticks(seconds: float) -> Iterator[float]:
    """At most nine moments from 0 to `seconds`."""
    step = next((step for step in _STEPS if seconds / step <= _MOST), 0)
    if not step:
        # Whole days.
        step = DAY * -(-seconds // (DAY * _MOST))
    number = 0
    while number * step <= seconds:
        yield round(number * step, 2)
        number += 1


def words(seconds: float) -> str:
    """A length of time: `0.25 s`, `90 s`, `2 min 30 s`, `3 h 5 min`, `2 d 4 h`."""
    if seconds < 2 * MINUTE:
        return f"{round(seconds, 2):g} s"
    whole = round(seconds)
    for unit, name, smaller, least in ((DAY, "d", HOUR, "h"), (HOUR, "h", MINUTE, "min"), (MINUTE, "min", 1, "s")):
        if whole >= unit:
            rest = whole % unit // smaller
            return f"{whole // unit} {name} {rest} {least}" if rest else f"{whole // unit} {name}"
    return f"{whole} s"
