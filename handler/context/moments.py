"""Moments as the source engine hands them out."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from handler.errors import InfrastructureError


def moment(value: dt.datetime) -> Any:
    """A pendulum DateTime, which is what templates and callables get."""
    try:
        import pendulum
    except ModuleNotFoundError as error:
        raise InfrastructureError("the context's dates need the library pendulum where the function runs") from error
    return cast("Any", pendulum).instance(value)


def maybe(value: dt.datetime | None) -> Any:
    """The same, of what may not be there."""
    return None if value is None else moment(value)
