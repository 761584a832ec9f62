"""Schedules: the interval that a run covers, and the times before and after it.

As Airflow's timetables compute them (`timetables/trigger.py`, `interval.py`, `_cron.py`, `_delta.py`): a trigger has an
interval of a fixed width that ends when it fires, a data interval reaches from one firing to the next.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from handler.errors import InfrastructureError
from handler.json_types import JsonObject

PRESETS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@quarterly": "0 0 1 */3 *",
    "@yearly": "0 0 1 1 *",
}


class Interval(NamedTuple):
    """The data that a run is about, from `start` to before `end`."""

    start: dt.datetime
    end: dt.datetime


class Timetable(NamedTuple):
    """`kind`: none, trigger or interval; one of `cron` and `seconds` says when, `width` is a trigger's interval."""

    kind: str = "none"
    cron: str = ""
    seconds: float | None = None
    zone: str = "UTC"
    width: float = 0.0

    @property
    def recurs(self) -> bool:
        """Whether it fires at all."""
        return self.kind != "none"

    @property
    def has_intervals(self) -> bool:
        """Whether a scheduled run is named after the start of its interval, not after the time it fires."""
        return self.kind == "interval"

    def manual(self, moment: dt.datetime) -> Interval:
        """The interval of a run that somebody starts at `moment`: the last whole one before."""
        if self.kind == "trigger":
            return Interval(moment - dt.timedelta(seconds=self.width), moment)
        if self.kind != "interval":
            return Interval(moment, moment)
        end = self._align(moment) if self.cron else moment
        return Interval(self.before(end), end)

    def scheduled(self, moment: dt.datetime) -> Interval:
        """The interval of the run that the schedule starts at `moment`."""
        return self.manual(moment)

    def before(self, moment: dt.datetime) -> dt.datetime:
        """The last firing before `moment`."""
        return self._step(moment, forward=False)

    def after(self, moment: dt.datetime) -> dt.datetime:
        """The first firing after `moment`."""
        return self._step(moment, forward=True)

    def following(self, interval: Interval) -> dt.datetime:
        """The logical date of the run that the schedule starts after the one about `interval`."""
        if not self.has_intervals:
            return self.after(interval.end)
        return self._align(interval.end) if self.cron else interval.end

    def _align(self, moment: dt.datetime) -> dt.datetime:
        before = self.before(moment)
        return moment if self.after(before) == moment else before

    def _step(self, moment: dt.datetime, *, forward: bool) -> dt.datetime:
        if self.seconds is not None:
            width = dt.timedelta(seconds=self.seconds)
            return moment + width if forward else moment - width
        try:
            from croniter import croniter  # pyright: ignore[reportMissingTypeStubs]
        except ModuleNotFoundError as error:
            raise InfrastructureError("a cron schedule with data intervals needs the library croniter here") from error
        zone = ZoneInfo(self.zone)
        naive = moment.astimezone(zone).replace(tzinfo=None)
        cron = cast("Any", croniter)(PRESETS.get(self.cron, self.cron), start_time=naive)
        found: dt.datetime = cron.get_next(dt.datetime) if forward else cron.get_prev(dt.datetime)
        if cron.expanded[1] != ["*"]:
            return _aware(found, zone)
        # Each hour of a day that has one twice: the wall clock would miss it.
        return moment + (found - naive)


def _aware(naive: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """A time by a zone's clocks in UTC: of two such times the later, and as much later one that the clocks skip."""
    later = naive.replace(tzinfo=zone, fold=1).astimezone(dt.UTC)
    skipped = later.astimezone(zone).replace(tzinfo=None) != naive
    return naive.replace(tzinfo=zone, fold=0).astimezone(dt.UTC) if skipped else later


def timetable_of(tree: JsonObject) -> Timetable:
    """A timetable of `context.json`."""
    known = {name: value for name, value in tree.items() if name in Timetable._fields}
    return Timetable(**cast("dict[str, Any]", known))
