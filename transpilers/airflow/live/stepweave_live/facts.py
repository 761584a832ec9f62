"""What is known of classes that are missing here: our own table of operator classes, and names that have moved."""

from __future__ import annotations

import json
import os
import sys
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from .engine import engine

#: Marks fabricated classes and modules.
MARK = "stepweave_fabricated"
TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "classes", "classes.json")
SENSOR = "airflow.sdk.bases.sensor.BaseSensorOperator"
STANDARD = "airflow.providers.standard"
#: Where each version keeps what the other keeps elsewhere.
HOMES = {
    2: (
        "airflow.decorators",
        "airflow",
        "airflow.models",
        "airflow.models.baseoperator",
        "airflow.models.param",
        "airflow.hooks.base",
        "airflow.datasets",
        "airflow.sensors.base",
        "airflow.utils",
        "airflow.utils.edgemodifier",
        "airflow.utils.task_group",
        "airflow.utils.trigger_rule",
        "airflow.utils.weekday",
    ),
    3: ("airflow.sdk", f"{STANDARD}.utils.weekday"),
}
#: Names that changed with their homes, to those of each version.
NEW = {"Dataset": "Asset", "DatasetAlias": "AssetAlias", "DatasetAny": "AssetAny", "DatasetAll": "AssetAll"}
RENAMED = {2: {new: old for old, new in NEW.items()}, 3: NEW}


class Facts(NamedTuple):
    """`fields`: what Airflow renders, None where they are computed. `parameters`: of all constructors."""

    fields: tuple[str, ...] | None
    parameters: frozenset[str]
    sensor: bool


def facts(name: str) -> Facts | None:
    """Of the operator class of that full name, old or new; None where the table does not have it."""
    table = _table()
    found = table["moved"].get(name, name)
    rows = [table["classes"][each] for each in _resolution(found)]
    if not rows:
        return None
    telling: dict[str, Any] = next((each for each in rows if each.get("unknown") or "fields" in each), rows[0])
    fields = None if telling.get("unknown") else tuple(telling.get("fields") or ())
    parameters = frozenset(one for each in rows for one in each.get("parameters", ()))
    return Facts(fields, parameters, SENSOR in _resolution(found))


def decorated(name: str) -> str:
    """The full name of the class that `@task.name` makes tasks of, "" where it is not known."""
    return _table()["decorators"].get(f"task.{name}", "")


def elsewhere(name: str) -> Any:
    """What the full name stands for in this Airflow, which keeps it elsewhere; None where it has no such thing."""
    home, _, short = name.rpartition(".")
    if home.partition(".")[0] != "airflow":
        return None
    moved: dict[str, str] = _table()["moved"]
    places = [moved[name]] if name in moved else []
    places += [old for old, new in moved.items() if new == name]
    if not home.startswith("airflow.providers.") or home.startswith(("airflow.providers.common.compat", STANDARD)):
        major = engine().major
        current = RENAMED[major].get(short, short)
        places += [f"{place}.{current}" for place in HOMES[major]]
    return next((found for place in places if (found := _there(place)) is not None), None)


def _there(name: str) -> Any:
    home, _, short = name.rpartition(".")
    parts = home.split(".")
    above = [sys.modules.get(".".join(parts[:count])) for count in range(1, len(parts) + 1)]
    if any(getattr(type(module), MARK, False) for module in above):
        return None
    try:
        return getattr(import_module(home), short, None)
    except Exception:
        return None


@cache
def _table() -> dict[str, Any]:
    with open(TABLE, "rb") as source:
        return json.load(source)


def _above(name: str) -> list[str]:
    table = _table()
    row: dict[str, Any] = table["classes"].get(name, {})
    return [table["moved"].get(base, base) for base in row.get("bases", ())]


@cache
def _resolution(name: str) -> tuple[str, ...]:
    """The method resolution order among the classes of the table, as `classes.resolution` has it."""
    if name not in _table()["classes"]:
        return ()
    above = [base for base in _above(name) if base in _table()["classes"]]
    lines = [*(list(_resolution(base)) for base in above), above]
    found = [name]
    while lines := [line for line in lines if line]:
        heads = [line[0] for line in lines]
        first = next((head for head in heads if all(head not in line[1:] for line in lines)), heads[0])
        found.append(first)
        lines = [[each for each in line if each != first] for line in lines]
    return tuple(found)
