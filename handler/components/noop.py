"""Nothing to run: the task only joins."""

from __future__ import annotations

from handler.dispatch import Call


def run(call: Call) -> None:
    """Succeed."""
