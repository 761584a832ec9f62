"""Airflow's days of the week, as a task's code imports them (`utils/weekday.py` of the standard provider)."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import cast


@enum.unique
class WeekDay(enum.IntEnum):
    """Days by their ISO numbers."""

    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6
    SUNDAY = 7

    @classmethod
    def get_weekday_number(cls, week_day_str: str) -> WeekDay:
        """The day of an English name, in any case; AttributeError for no such day."""
        name = week_day_str.upper()
        if name not in cls.__members__:
            raise AttributeError(f'Invalid Week Day passed: "{week_day_str}"')
        return cls[name]

    @classmethod
    def convert(cls, day: str | WeekDay) -> int:
        """A day, or the day of a name."""
        return day if isinstance(day, WeekDay) else cls.get_weekday_number(week_day_str=day)

    @classmethod
    def validate_week_day(cls, week_day: object) -> set[int]:
        """The days of one or several; TypeError for what is neither."""
        if isinstance(week_day, str | WeekDay):
            return {cls.convert(week_day)}
        if not isinstance(week_day, Iterable):
            raise TypeError(f"Unsupported Type for week_day parameter: {type(week_day)}.")
        return {cls.convert(item) for item in cast("Iterable[str | WeekDay]", week_day)}
