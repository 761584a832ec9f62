"""Durations as they may turn out to be: what a plan is chosen for, where they are not sure."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from random import Random

#: Draws for few tasks; fewer for many, since a mean over many tasks varies less.
_MOST, _TASKS = 16, 5_000


def samples(seconds: Sequence[float], spread: float) -> list[list[float]]:
    """The durations themselves if they are sure, else draws about them, the same for the same durations.

    Log-normal, with a standard deviation of the logarithm of `spread`.
    """
    if not spread:
        return [list(seconds)]
    random = Random(0)  # noqa: S311 - a simulation
    count = max(2, min(_MOST, _TASKS // max(1, len(seconds))))
    return [[own * exp(random.gauss(0.0, spread)) for own in seconds] for _ in range(count)]
