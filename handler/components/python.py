"""A Python callable, `module:qualified.name`."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from types import CoroutineType
from typing import cast

from handler.dispatch import Call, resolve
from handler.errors import InvalidEvent


def run(call: Call) -> object:
    """Call it, and await it if it is a coroutine function. What it raises is the task's failure."""
    path = call.config.get("callable")
    if not isinstance(path, str) or not all(path.partition(":")):
        raise InvalidEvent(f"component_config.callable: module:qualified.name is expected, not {path!r}")
    function = cast("Callable[..., object]", resolve(path))
    operator = call.config.get("operator")
    if isinstance(operator, dict):
        from handler.operators.running import run as run_operator

        return run_operator(function, call, operator)
    shell = call.config.get("shell")
    if isinstance(shell, dict):
        from handler.components.command import run as run_command

        return run_command(function, call, shell)
    call = call._replace(kwargs=_known(function, call.kwargs)) if call.config.get("known_only") is True else call
    if call.context is None or call.config.get("context") is not True:
        returned = function(*call.args, **call.kwargs)
    else:
        from handler.context.calling import call_with

        returned = call_with(function, call, call.context)
    if not isinstance(returned, CoroutineType):
        return returned
    import asyncio

    return asyncio.run(cast("Coroutine[object, object, object]", returned))


def _known(function: Callable[..., object], kwargs: dict[str, object]) -> dict[str, object]:
    """Those that the function has a parameter for: all where it takes any (`KeywordParameters` in Airflow)."""
    import inspect

    parameters = inspect.signature(function).parameters
    if any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters.values()):
        return kwargs
    return {name: value for name, value in kwargs.items() if name in parameters}
