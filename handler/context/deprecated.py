"""Airflow 2's deprecated names: texts that are stand-ins for texts there, which shows in a few places."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any


class Deprecated(str):
    """The text of `next_ds` and its like."""

    __slots__ = ()

    @property
    def __class__(self) -> type[str]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """As the stand-in says of itself."""
        return str


def text_of(made: Callable[[], str | None]) -> Callable[[], Deprecated | None]:
    """What makes a text, as what makes a deprecated one."""

    def make() -> Deprecated | None:
        found = made()
        return None if found is None else Deprecated(found)

    return make


def native_value(nodes: Iterable[Any]) -> Any:
    """The value of a template rendered natively. TypeError for a deprecated text alone: Python cannot read it there."""
    from jinja2.nativetypes import native_concat

    rest = iter(nodes)
    first = list(islice(rest, 2))
    if len(first) == 1 and type(first[0]) is Deprecated:
        raise TypeError("compile() arg 1 must be a string, bytes or AST object")
    return native_concat([*first, *rest])
