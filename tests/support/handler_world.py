"""A handler in a world of its own: a store, a fake clock, user code, and every event and record held to the schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from handler.app import answer
from handler.events import parse
from handler.invocation import Invocation
from handler.store import Store
from handler.tokens import Refusal

ROOT = Path(__file__).resolve().parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "handler" / "event.schema.json").read_text())


def conforms(value: object, definition: str) -> None:
    """Fail where a value is not of a definition of the schema."""
    schema = {"$schema": SCHEMA["$schema"], "$ref": f"#/$defs/{definition}", "$defs": SCHEMA["$defs"]}
    Draft202012Validator(schema).validate(value)


class Clock:
    """Seconds since some epoch, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class World:
    """Invokes the handler as the state machine `m` would, in its run `m/e/t`."""

    run = "m/e/t"

    def __init__(self, store: Store, user: Path) -> None:
        self.store = store
        self.clock = Clock()
        self._user = user
        self._attempts = 0
        #: Task tokens sent back, with their outputs; and what the service answers to some.
        self.sent: list[tuple[str, dict[str, str]]] = []
        self.refusals: dict[str, str] = {}

    def module(self, name: str, source: str) -> None:
        """Write a module of the user's code."""
        (self._user / f"{name}.py").write_text(source)

    def invoke(self, event: dict[str, Any], *, attempt: str = "", remaining: float = 900.0) -> dict[str, Any]:
        """Answer one event, checked against the schema like its response."""
        conforms(event, "event" if "v" in event else "publishedEvent")
        self._attempts += 1
        name = attempt or f"attempt-{self._attempts}"
        response = answer(parse(event), Invocation(self.store, name, self.clock, lambda: remaining, self._send))
        if "v" in event:
            kinds = {"begin": "beginResponse", "finish": "finishResponse", "await": "awaitResponse"}
            kinds["expand"] = "expandResponse"
            named = "pendingResponse" if response.get("status") == "pending" else "taskResponse"
            conforms(response, kinds.get(event["op"], named))
        return response

    def _send(self, token: str, output: str) -> Refusal | None:
        if token in self.refusals:
            return Refusal(self.refusals[token], "no")
        self.sent.append((token, json.loads(output)))
        return None

    def wait(self, task: str, token: str, *others: str, **fields: object) -> None:
        """Let `task` wait with a token."""
        self.invoke(
            {"v": 1, "op": "await", "run": self.run, "task": task, "token": token, "others": list(others), **fields}
        )

    def begin(self, event: dict[str, Any]) -> dict[str, Any]:
        """Begin the run, or not."""
        return self.invoke(event)

    def event(self, task: str, callable_: str = "", *args: object, **fields: object) -> dict[str, Any]:
        """A run event of a Python task with known arguments, or of a no-op without a callable."""
        component: dict[str, Any] = {"component_name": "noop"}
        if callable_:
            config = {"callable": callable_} | ({"context": True} if "context" in fields else {})
            component = {"component_name": "python", "component_config": config}
        if args:
            component["args"] = [{"value": value} for value in args]
        return {"v": 1, "op": "run", "run": self.run, "task": task, **component, **fields}

    def run_task(self, task: str, callable_: str = "", *args: object, **fields: object) -> str:
        """Run a task and return its status."""
        return self.invoke(self.event(task, callable_, *args, **fields))["status"]

    def settle(self, task: str, **fields: object) -> str:
        """Settle a task and return its status."""
        return self.invoke({"v": 1, "op": "settle", "run": self.run, "task": task, **fields})["status"]

    def finish(self, *leaves: str) -> dict[str, Any]:
        """Finish the run."""
        return self.invoke({"v": 1, "op": "finish", "run": self.run, "leaves": list(leaves)})

    def record(self, key: str) -> dict[str, Any]:
        """A record of the run by its key below the run's prefix."""
        data = self.store.get(f"{self.run}/{key}")
        assert data is not None, f"there is no {key}"
        return json.loads(data)

    def listed(self, prefix: str = "") -> list[str]:
        """The keys of the run below a prefix."""
        return [key.removeprefix(f"{self.run}/") for key in self.store.list(f"{self.run}/{prefix}")]

    def text(self, prefix: str) -> str:
        """What is stored below a prefix, as one text."""
        return "".join((self.store.get(f"{self.run}/{key}") or b"").decode() for key in self.listed(prefix))

    def check_records(self) -> None:
        """Hold every record of the run to the schema."""
        for key in self.listed():
            if key.startswith("wait/"):
                conforms(self.record(key), "waitRecord")
            elif key.startswith("done/"):
                conforms(self.record(key), "doneRecord")
            elif key.startswith("try/"):
                conforms(self.record(key), "startRecord" if key.endswith("/start") else "failedRecord")
