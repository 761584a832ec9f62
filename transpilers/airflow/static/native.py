"""Python's own methods, called on plain values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from transpilers.airflow.static.containers import described
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.opaque import opaque
from transpilers.airflow.static.values import SCALARS, Raised, Unknown, Value


def native(m: Machine, receiver: Value, name: str, arguments: Arguments) -> Value:
    """The value of such a call, unknown where an argument is."""
    given = [*arguments.args, *arguments.kwargs.values()]
    for each in given:
        if isinstance(each, Unknown):
            return m.unknown(each.reason, arguments.node)
    if arguments.rest is not None:
        return arguments.rest
    if not all(isinstance(each, (*SCALARS, tuple)) for each in given):
        return opaque(m, f"{described(receiver)}.{name}", arguments, reads=True)
    how: Callable[..., Any] = getattr(receiver, name)
    try:
        found: Value = how(*arguments.args, **arguments.kwargs)
    except (TypeError, ValueError, IndexError, LookupError, UnicodeError, OverflowError) as error:
        raise Raised(type(error).__name__, str(error)) from error
    return found
