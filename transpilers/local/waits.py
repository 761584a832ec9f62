"""Retries that wait less: for a local run, where nothing has to recover in the meantime."""

from __future__ import annotations

from typing import cast


def cap_retry_waits(definition: object, seconds: int) -> object:
    """A machine, or a part of one, whose retriers wait at most `seconds` (from 1); nothing else is changed."""
    if isinstance(definition, list):
        return [cap_retry_waits(item, seconds) for item in cast("list[object]", definition)]
    if not isinstance(definition, dict):
        return definition
    content = cast("dict[str, object]", definition)
    capped = {key: value if key == "Arguments" else cap_retry_waits(value, seconds) for key, value in content.items()}
    retriers = capped.get("Retry")
    # A state may be named Retry; only a state has both a type and a list under that key.
    if isinstance(retriers, list) and "Type" in capped:
        capped["Retry"] = [_capped(retrier, seconds) for retrier in cast("list[dict[str, object]]", retriers)]
    return capped


def _capped(retrier: dict[str, object], seconds: int) -> dict[str, object]:
    match retrier.get("IntervalSeconds", 1):
        case int(interval):
            return {**retrier, "IntervalSeconds": min(interval, seconds), "MaxDelaySeconds": seconds}
        case _:
            return retrier
