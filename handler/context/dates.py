"""`ds`, `ts` and their kin: texts made of a logical date without any library."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any


def texts(logical: dt.datetime) -> dict[str, Callable[[], Any]]:
    """By name, as Airflow writes them."""
    return {
        "ds": lambda: day(logical),
        "ds_nodash": lambda: day(logical).replace("-", ""),
        "ts": logical.isoformat,
        "ts_nodash": lambda: logical.strftime("%Y%m%dT%H%M%S"),
        "ts_nodash_with_tz": lambda: logical.isoformat().replace("-", "").replace(":", ""),
    }


def day(moment: dt.datetime) -> str:
    """As YYYY-MM-DD."""
    return moment.strftime("%Y-%m-%d")
