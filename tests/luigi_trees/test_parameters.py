"""Every kind of parameter that Luigi has is frozen and comes back as it was."""

from __future__ import annotations

import datetime
import enum
import json
from typing import Any

import luigi
import luigi.date_interval
import pytest
from luigi.parameter import Parameter

DAY, HOUR = datetime.date(2026, 1, 1), datetime.datetime(2026, 1, 1, 5)


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Some(luigi.Task):
    """A task, as a value."""


VALUES: dict[str, tuple[dict[str, Any], tuple[Any, ...]]] = {
    "BoolParameter": ({}, (True,)),
    "ChoiceListParameter": ({"choices": ["a", "b"]}, (("a",), ())),
    "ChoiceParameter": ({"choices": ["a", "b"]}, ("a",)),
    "DateHourParameter": ({}, (HOUR,)),
    "DateIntervalParameter": ({}, (luigi.date_interval.Week(2026, 2), luigi.date_interval.Custom(DAY, DAY))),
    "DateMinuteParameter": ({"interval": 5}, (HOUR.replace(minute=10),)),
    "DateParameter": ({}, (DAY, HOUR.date())),
    "DateSecondParameter": ({}, (HOUR.replace(second=3),)),
    "DictParameter": ({}, ({"x": {"y": [1, None]}}, {})),
    "EnumListParameter": ({"enum": Colour}, ((Colour.RED, Colour.BLUE), [Colour.RED])),
    "EnumParameter": ({"enum": Colour}, (Colour.BLUE,)),
    "FloatParameter": ({}, (0.1, 1e300, -0.0)),
    "IntParameter": ({}, (-3,)),
    "ListParameter": ({}, ([1, ["a", {"b": 2}]], ())),
    "MonthParameter": ({}, (DAY,)),
    "NumericalParameter": ({"var_type": float, "min_value": 0, "max_value": 9}, (2.5,)),
    "Parameter": ({}, ("", "None", "é\n", None)),
    "PathParameter": ({}, ("a/b", "/")),
    "StrParameter": ({}, ("text",)),
    "TaskParameter": ({}, (Some,)),
    "TimeDeltaParameter": ({}, (datetime.timedelta(days=40, hours=2, microseconds=7),)),
    "TupleParameter": ({}, (((1, 2), (3, "a")), ())),
    "YearParameter": ({}, (DAY,)),
}
KINDS = {name for name in dir(luigi.parameter) if name.endswith("Parameter")}
OPTIONAL = sorted(name for name in KINDS if name.startswith("Optional"))


def came_back(cls: type[luigi.Task], task: Any) -> Any:
    from stepweave_luigi.parameters import freeze, thaw, unchanged

    frozen = json.loads(json.dumps(freeze(task)))
    again = cls(**thaw(cls, frozen))
    for name, value in unchanged(frozen).items():
        setattr(again, name, value)
        again.param_kwargs[name] = value
    return again


def made(kind: str, options: dict[str, Any], value: Any) -> tuple[type[luigi.Task], Any]:
    parameter: Parameter[Any] = getattr(luigi.parameter, kind)(**options)
    cls = type(luigi.Task)("Holds", (luigi.Task,), {"p": parameter, "__module__": __name__})
    return cls, cls(p=value)


@pytest.mark.parametrize("kind", sorted(VALUES))
def test_a_value_comes_back(kind: str):
    options, values = VALUES[kind]
    for value in values:
        cls, task = made(kind, options, value)
        again = came_back(cls, task)
        assert again.task_id == task.task_id
        assert (type(again.p), repr(again.p), again.p) == (type(task.p), repr(task.p), task.p)


@pytest.mark.parametrize("kind", OPTIONAL)
def test_none_comes_back(kind: str):
    options, _ = VALUES[kind.removeprefix("Optional")]
    cls, task = made(kind, options, None)
    assert came_back(cls, task).p is None


def test_there_is_no_other_kind():
    assert KINDS - set(OPTIONAL) == set(VALUES)
