"""A value that is known beforehand."""

from __future__ import annotations

from handler.codec import decode
from handler.dispatch import Call
from handler.errors import InvalidEvent


def run(call: Call) -> object:
    """The value in the settings."""
    try:
        return decode(call.config["value"])
    except (KeyError, ValueError) as error:
        raise InvalidEvent(f"component_config.value: a stored value is expected: {error}") from error
