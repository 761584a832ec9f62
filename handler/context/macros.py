"""`macros` of templates, as Airflow has them (`sdk/execution_time/macros.py`)."""

from __future__ import annotations

import json
import time
import uuid
from datetime import datetime, timedelta
from random import random
from typing import Any, cast

from handler.context.missing import missing

__all__ = [
    "datetime",
    "datetime_diff_for_humans",
    "ds_add",
    "ds_format",
    "ds_format_locale",
    "json",
    "random",
    "time",
    "timedelta",
    "uuid",
]


def ds_add(ds: str, days: int) -> str:
    """Some days after a date, both as YYYY-MM-DD."""
    if not days:
        return str(ds)
    return (datetime.strptime(str(ds), "%Y-%m-%d") + timedelta(days=days)).strftime("%Y-%m-%d")


def ds_format(ds: str, input_format: str, output_format: str) -> str:
    """A date in another form."""
    return datetime.strptime(str(ds), input_format).strftime(output_format)


def ds_format_locale(ds: str, input_format: str, output_format: str, locale: Any = None) -> str:
    """A date in a form of Babel's and in the words of a locale, such as `de_DE`; without one, the environment's."""
    from babel.dates import LC_TIME, format_datetime

    return format_datetime(datetime.strptime(str(ds), input_format), output_format, locale=locale or LC_TIME or "en_US")


def datetime_diff_for_humans(dt: Any, since: Any = None) -> str:
    """How long ago, in words."""
    import pendulum

    return str(cast("Any", pendulum).instance(dt).diff_for_humans(since))


def __getattr__(name: str) -> Any:
    """Libraries only when a template names them."""
    import importlib

    if name == "dateutil":
        return importlib.import_module(name)
    if name == "yaml":
        return importlib.import_module("handler.context.safe_yaml")
    if name.startswith("__"):
        raise AttributeError(name)
    raise missing(f"macros.{name}")
