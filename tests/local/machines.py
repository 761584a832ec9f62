"""Short ways to write machines, and the Lambda they call."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from transpilers.local.execution import Event

INVOKE = "arn:aws:states:::lambda:invoke"


class Case(NamedTuple):
    """One machine and how AWS ends it: `output` if it succeeds, else `error`."""

    name: str
    definition: dict[str, Any]
    input: object = None
    output: object = None
    error: str | None = None


def states(first: str, /, *, jsonata: bool = False, **by_name: dict[str, Any]) -> dict[str, Any]:
    """A machine, or a branch of one."""
    language = {"QueryLanguage": "JSONata"} if jsonata else {}
    return {**language, "StartAt": first, "States": by_name}


def machine(first: str, /, **by_name: dict[str, Any]) -> dict[str, Any]:
    """A machine in JSONata."""
    return states(first, jsonata=True, **by_name)


def call(payload: object, **fields: object) -> dict[str, Any]:
    """A JSONata state that calls the Lambda; the last one unless `Next` is given."""
    end = {} if "Next" in fields else {"End": True}
    arguments = {"FunctionName": "worker", "Payload": payload}
    return {"Type": "Task", "Resource": INVOKE, "Arguments": arguments, **end, **fields}


def call_path(payload: object, **fields: object) -> dict[str, Any]:
    """The same in JSONPath."""
    end = {} if "Next" in fields else {"End": True}
    parameters = {"FunctionName": "worker", "Payload": payload}
    return {"Type": "Task", "Resource": INVOKE, "Parameters": parameters, **end, **fields}


def step(**fields: object) -> dict[str, Any]:
    """A Pass state; the last one unless `Next` is given."""
    return {"Type": "Pass", **({} if "Next" in fields else {"End": True}), **fields}


def catch(*errors: str, to: str, **fields: object) -> list[dict[str, object]]:
    """A Catch with one catcher."""
    return [{"ErrorEquals": list(errors), "Next": to, **fields}]


class Boom(Exception):
    """What the Lambda raises when asked to."""


class Flaky(Exception):
    """What the Lambda raises until it has been asked often enough."""


class Lambda:
    """The Lambda of the conformance machines. `send_success` answers a task token."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.finished: list[str] = []
        self.send_success: Callable[[str, str], None] = lambda token, output: None

    def __call__(self, event: object, context: object) -> object:
        """Do what `op` says."""
        assert isinstance(event, Mapping)
        match event:
            case {"op": "inc", "x": x}:
                return {"x": x + 1}
            case {"op": "boom"}:
                raise Boom("kaput")
            case {"op": "flaky", "key": key, "fails": fails}:
                self.calls[key] += 1
                if self.calls[key] <= fails:
                    raise Flaky(f"call {self.calls[key]}")
                return {"calls": self.calls[key]}
            case {"op": "alternate", "key": key}:
                self.calls[key] += 1
                raise (Boom if self.calls[key] % 2 else Flaky)(f"call {self.calls[key]}")
            case {"op": "sleep", "s": seconds}:
                time.sleep(seconds)
                self.finished.append("sleep")
                return {"slept": seconds}
            case {"op": "big", "n": size}:
                return "x" * size
            case {"op": "callback", "token": token}:
                threading.Timer(0.1, self.send_success, (token, '{"answer": 42}')).start()
                return {}
            case _:
                return dict(event)


def kinds(history: tuple[Event, ...]) -> list[str]:
    """The types of the events, oldest first."""
    return [str(event["type"]) for event in history]
