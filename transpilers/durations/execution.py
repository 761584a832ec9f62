"""Durations from the history of an execution, as Step Functions' GetExecutionHistory gives it.

    TaskStateEntered(id 5) <- TaskScheduled(6, after 5) <- TaskSucceeded(8, after 7) <- TaskStateExited(9, after 8)

Branches and items run side by side, also in states of one name, so the events of a state are those that lead back to
its entry (https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from transpilers.durations.errors import DurationsError
from transpilers.durations.table import Sample

#: What the states are called that run no task, where their input does not tell.
_HELPERS = ("await ", "expand ", "record ", "settle ")
_ENDS = ("begin", "finish")


@dataclass(slots=True)
class _Visit:
    """One visit of a task's state. `op` and `task` are what the handler was asked for, as far as the history says."""

    name: str
    started: datetime
    tries: int = 0
    op: str = ""
    task: str = ""
    status: str = ""

    @property
    def counts(self) -> bool:
        """Whether a task ran here, and succeeded."""
        own = self.op == "run" if self.op else not self.name.startswith(_HELPERS) and self.name not in _ENDS
        return own and self.status in ("", "success")


def read_history(events: Sequence[object]) -> Iterator[Sample]:
    """How long the tasks took that succeeded: from the start of their last try. Raises DurationsError."""
    visits: dict[object, _Visit] = {}
    for number, event in enumerate(_in_order(events)):
        # A history that was shortened by hand may lack what links its events: then they follow each other.
        kind, own, after = event.get("type"), event.get("id", number), event.get("previousEventId", number - 1)
        if kind == "TaskStateEntered":
            visit = _Visit(str(_object(event.get("stateEnteredEventDetails")).get("name")), _moment(event))
        else:
            visit = visits.get(after)
        if visit is None:
            continue
        visits[own] = visit
        if kind == "TaskScheduled":
            _ask(visit, event)
        elif kind == "TaskSucceeded":
            answer = _json(_object(event.get("taskSucceededEventDetails")).get("output"))
            visit.status = str(_object(answer.get("Payload")).get("status", ""))
        elif kind == "TaskStateExited" and visit.counts:
            took = (_moment(event) - visit.started).total_seconds()
            yield Sample("", visit.task or visit.name, max(0.0, took))


def _ask(visit: _Visit, event: Mapping[str, object]) -> None:
    visit.tries += 1
    if visit.tries > 1:
        visit.started = _moment(event)
    payload = _object(_json(_object(event.get("taskScheduledEventDetails")).get("parameters")).get("Payload"))
    visit.op, visit.task = str(payload.get("op", "")), str(payload.get("task", ""))


def _in_order(events: Sequence[object]) -> list[Mapping[str, object]]:
    """The events from the first on: a history may be asked for backwards."""
    found = [_object(event) for event in events]
    numbers = [event.get("id") for event in found]
    if not all(isinstance(number, int) for number in numbers):
        return found
    return sorted(found, key=lambda event: cast("int", event["id"]))


def _json(text: object) -> Mapping[str, object]:
    """What a text holds; nothing where it was cut, or left out."""
    try:
        return _object(json.loads(text)) if isinstance(text, str) else {}
    except ValueError:
        return {}


def _object(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _moment(event: Mapping[str, object]) -> datetime:
    value = event.get("timestamp")
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value).astimezone()
        return datetime.fromisoformat(str(value)).astimezone()
    except (ValueError, OverflowError, OSError):
        raise DurationsError(f"{value!r} is not the time of an event") from None
