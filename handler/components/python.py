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
    returned = cast("Callable[..., object]", resolve(path))(*call.args, **call.kwargs)
    if not isinstance(returned, CoroutineType):
        return returned
    import asyncio

    return asyncio.run(cast("Coroutine[object, object, object]", returned))
