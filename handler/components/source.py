"""The source engine's own task, run as it is by an adapter that ships with the user's code."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from handler.dispatch import Call, resolve
from handler.errors import InvalidEvent


def run(call: Call) -> object:
    """Call the adapter `entry` (`module:qualified.name`) with the call itself."""
    entry = call.config.get("entry")
    if not isinstance(entry, str) or not all(entry.partition(":")):
        raise InvalidEvent(f"component_config.entry: module:qualified.name is expected, not {entry!r}")
    return cast("Callable[[Call], object]", resolve(entry))(call)
