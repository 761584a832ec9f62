"""Calls a callable with what it asks for of the context, as Airflow binds it.

Source: `KeywordParameters.determine` of `sdk/bases/decorator.py`, `PythonOperator.execute`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from handler.context.current import current
from handler.context.mapping import Context
from handler.dispatch import Call

#: In the context whether it was given or not.
TEMPLATES = "templates_dict"


def call_with(function: Callable[..., object], call: Call, context: Context) -> object:
    """Call it with the task's arguments and those parameters that are named like a part of the context."""
    given = {name: value for name, value in call.kwargs.items() if name != TEMPLATES}
    for name, value in {**given, TEMPLATES: call.kwargs.get(TEMPLATES)}.items():
        context[name] = value
    asked = bound(function, len(call.args), context)
    with current(context):
        returned = function(*call.args, **asked)
        if not inspect.iscoroutine(returned):
            return returned
        import asyncio

        return asyncio.run(returned)


def bound(function: Callable[..., object], positional: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """The keywords it is called with; ValueError where a positional argument takes a reserved name."""
    parameters = inspect.signature(function).parameters
    takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    for name, parameter in islice(parameters.items(), positional):
        if parameter.kind not in (parameter.KEYWORD_ONLY, parameter.VAR_KEYWORD) and name in values:
            raise ValueError(f"The key {name!r} in args is a part of kwargs and therefore reserved.")
    names = values if takes_all else [name for name in parameters if name in values]
    return {name: values[name] for name in names}
