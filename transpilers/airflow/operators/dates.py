"""BranchDateTimeOperator and BranchDayOfWeekOperator: a branch by the time at which the task or its run is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from core_compiler.ir import Calendar
from transpilers.airflow import rules
from transpilers.airflow.call import DateTime, List, Literal, ObjectCall, OperatorCall, Set, Tuple, Value
from transpilers.airflow.operators.lowered import Decides, Family, Lowered, Surroundings, flag
from transpilers.airflow.uses import Site, refused
from transpilers.airflow.values import NotCarriedError, codec

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
#: The name of today and those of Airflow 2.
LOGICAL = ("use_task_logical_date", "use_task_execution_date", "use_task_execution_day")
TIME_PARTS = ("hour", "minute", "second", "microsecond")
FOLLOWED = frozenset({"follow_task_ids_if_false", "follow_task_ids_if_true"})


def lower_datetime(call: OperatorCall, site: Site, around: Surroundings) -> Lowered | None:
    """From `target_lower` to `target_upper`."""
    try:
        bounds = [_bound(name, call.kwargs.get(name, Literal(None))) for name in ("target_lower", "target_upper")]
        return _lowered(call, around, lower=bounds[0], upper=bounds[1])
    except NotCarriedError as error:
        site.report(rules.VALUE, argument=error.args[0], reason=error.args[1])
        return None


def lower_day_of_week(call: OperatorCall, site: Site, around: Surroundings) -> Lowered | None:
    """On the days of `week_day`."""
    try:
        return _lowered(call, around, days=tuple(sorted(_days(call.kwargs.get("week_day", Literal(None))))))
    except NotCarriedError as error:
        site.report(rules.VALUE, argument=error.args[0], reason=error.args[1])
        return None


def _lowered(
    call: OperatorCall, around: Surroundings, *, days: tuple[int, ...] = (), lower: object = None, upper: object = None
) -> Lowered:
    then, otherwise = (_followed(call, name) for name in ("follow_task_ids_if_true", "follow_task_ids_if_false"))
    store = flag(call.kwargs.get("do_xcom_push"), default=True)
    logical = any(flag(call.kwargs.get(name), default=False) for name in LOGICAL)
    # The day of a logical date is that in UTC.
    zone = "UTC" if logical and days else _zone(around.start)
    return Lowered(Calendar(then, otherwise, days, lower, upper, zone, store, logical))


def _followed(call: OperatorCall, name: str) -> object:
    try:
        return codec(call.kwargs.get(name, Literal(None)))
    except NotCarriedError as error:
        raise NotCarriedError(name, str(error)) from error


def _days(value: Value) -> Iterable[int]:
    items = value.items if isinstance(value, List | Tuple | Set) else (value,)
    for item in items:
        match item:
            # The live loader gives an Airflow enum as its value.
            case Literal(int() as day) if 1 <= day <= len(DAYS):
                yield day
            case Literal(str() as name) if name.upper() in DAYS:
                yield DAYS.index(name.upper()) + 1
            case _:
                raise NotCarriedError("week_day", "is not a day of the week, or a list of them")


def _bound(name: str, value: Value) -> object:
    match value:
        case Literal(None):
            return None
        case Literal({"$type": "time"} as tree):
            return tree
        case ObjectCall("pendulum.time.Time", parts):
            numbers = {part: one.value for part, one in parts.items() if isinstance(one, Literal)}
            hour, minute, second, micro = (int(str(numbers.get(part, 0))) for part in TIME_PARTS)
            return {"$type": "time", "$value": dt.time(hour, minute, second, micro).isoformat()}
        case DateTime(iso, zone, fold):
            moment = dt.datetime.fromisoformat(iso)
            if zone:
                moment = moment.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(dt.UTC)
            return {"$type": "datetime", "$value": moment.isoformat()}
        case _:
            raise NotCarriedError(name, "is not a datetime or a time")


def _zone(start: Value) -> str:
    """The DAG's time zone, which is that of its start date; without one it is Airflow's default."""
    match start:
        case DateTime(_, zone) if zone:
            return zone
        case DateTime(iso) if dt.datetime.fromisoformat(iso).utcoffset():
            raise NotCarriedError("start_date", "has a time zone without a name, which the task's days are counted in")
        case _:
            return "UTC"


def _family(title: str, lower: object, *kept: str) -> Family:
    return Family(
        title=title,
        kept=FOLLOWED | set(LOGICAL) | set(kept),
        rendered=(),
        lower=lower,  # pyright: ignore[reportArgumentType] one of the two above
        uses={
            **refused("what it returns are names, which have no keys", "multiple_outputs"),
        },
        decides=Decides.BRANCH,
    )


BRANCH_DATETIME = _family("BranchDateTimeOperator", lower_datetime, "target_lower", "target_upper")
BRANCH_DAY_OF_WEEK = _family("BranchDayOfWeekOperator", lower_day_of_week, "week_day")
