"""Progress of a run, seen at the handler's door: what is asked of it and what it answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import cast

import msgspec

from handler.items import item_id
from transpilers.local.functions.invocation import Function, Invocation, Response

#: Called with a task's id and `running`, `retrying`, or its status. From several threads, one call at a time.
OnEvent = Callable[[str, str], None]


class Observed(msgspec.Struct, frozen=True):
    """A handler function that tells `on_event` what its tasks do; with `items`, of items by their own ids."""

    function: Function
    on_event: OnEvent
    items: bool = False

    def invoke(self, invocation: Invocation) -> Response:
        """Pass the event on, and tell of it before and after."""
        event = _object(invocation.event)
        task = event.get("task")
        if not isinstance(task, str):
            return self.function.invoke(invocation)
        if self.items and isinstance(index := event.get("index"), int):
            task = item_id(task, index)
        if event.get("op") == "run":
            self.on_event(task, "running")
        response = self.function.invoke(invocation)
        status = _object(response.payload).get("status")
        if response.failed:
            self.on_event(task, "retrying")
        elif isinstance(status, str):
            self.on_event(task, status)
        return response

    def close(self) -> None:
        """Close the function behind."""
        self.function.close()


def _object(text: bytes) -> dict[str, object]:
    content = json.loads(text)
    return cast("dict[str, object]", content) if isinstance(content, dict) else {}
