"""The table that `generate` wrote, read at its first use."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from transpilers.airflow.classes.resolution import resolution

TABLE = Path(__file__).parent / "classes.json"


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """One class as it is written down: base classes that are in the table too, and what it adds itself.

    `fields` None: those of a base. `unknown`: fields that no literal tells.
    """

    bases: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None
    parameters: tuple[str, ...] = ()
    unknown: bool = False


class Table(msgspec.Struct, frozen=True):
    """`sources`: packages and their versions. `moved`: old full names to new ones.

    `decorators`: `task.NAME` to the class that it makes tasks of.
    """

    sources: dict[str, str]
    moved: dict[str, str]
    decorators: dict[str, str]
    classes: dict[str, Row]


class OperatorClass(NamedTuple):
    """A class of operators. `fields` are those that Airflow renders, None where they are computed."""

    name: str
    fields: tuple[str, ...] | None
    parameters: frozenset[str]


@lru_cache(maxsize=1)
def table() -> Table:
    """The whole table."""
    return msgspec.json.decode(TABLE.read_bytes(), type=Table)


def canonical(name: str) -> str:
    """The full name by which the newest Airflow knows it; the name itself where it has not moved."""
    return table().moved.get(name, name)


def decorator_class(sort: str) -> str:
    """The class that `@task`, `@task.bash` (sort `task.bash`) and so on make tasks of."""
    return table().decorators.get(sort, f"airflow.decorators.{sort}")


@lru_cache(maxsize=4096)
def operator_class(name: str) -> OperatorClass | None:
    """A class of operators by any of its full names."""
    found = canonical(name)
    row = table().classes.get(found)
    if row is None:
        return None
    rows = [table().classes[each] for each in resolution(found, _bases)]
    telling = next((each for each in rows if each.unknown or each.fields is not None), row)
    parameters = frozenset[str]().union(*(each.parameters for each in rows))
    return OperatorClass(found, None if telling.unknown else telling.fields or (), parameters)


def _bases(name: str) -> list[str]:
    row = table().classes.get(name)
    return [base for each in row.bases if (base := canonical(each)) in table().classes] if row else []
