"""The handler behind a machine: the real one, in this process, on a store in memory, and at times killed."""

from __future__ import annotations

import json
import random
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any
from unittest.mock import patch

import msgspec
from judge.machine import StateError
from judge.memory import Killed, MemoryStore, MortalStore
from judge.tokens import Tokens

import handler.app
from handler.errors import HandlerError
from handler.invocation import Invocation
from handler.keys import task_keys
from handler.store import Store

#: How the service names an invocation whose process ended without an answer, or before it began.
CRASHES = ("Lambda.Unknown", "Runtime.ExitError", "Lambda.ServiceException", "Lambda.AWSLambdaException")
TIMED_OUT = "Sandbox.Timedout"
SECONDS = 900.0
#: More than an ordinary invocation's operations, so that some die with their whole work done and unheard of.
MOST_OPERATIONS = 9


class Kills(msgspec.Struct, frozen=True):
    """How often an invocation dies, and how many of those deaths are time-outs, which cost the task a try."""

    rate: float = 0.0
    timeouts: float = 0.0


class Sandbox:
    """Answers events. `timed_out` counts by task the invocations that took too long; `deaths` all that died."""

    def __init__(self, source: random.Random, kills: Kills) -> None:
        self.store = MemoryStore()
        self.tokens = Tokens()
        self.run = ""
        self.timed_out: dict[str, int] = {}
        self.deaths = 0
        self.invocations = 0
        self._source = source
        self._kills = kills
        self._now = 1_000_000.0
        #: Branches wait beside each other: a time-out of one task must not make another's retry late.
        self._later: dict[str, float] = {}

    def invoke(self, event: dict[str, Any]) -> Any:
        """What lambda:invoke gives; StateError where it fails."""
        self.invocations += 1
        self._now += 0.01
        self.run = event["run"]
        if self._source.random() >= self._kills.rate:
            return self._answer(event, self.store)
        self.deaths += 1
        name = self._name(event)
        # 0: the process ends before the handler is asked; past its last operation: with its answer.
        last = self._source.randint(0, MOST_OPERATIONS)
        if last:
            store = MortalStore(self.store, last, effective=self._source.random() < 0.5)
            with suppress(Killed, StateError):
                self._answer(event, store)
        if name == TIMED_OUT and event["op"] != "await":
            task = event.get("task", "")
            self._later[task] = self._later.get(task, 0.0) + SECONDS + 1
        raise StateError(name, "the process ended")

    def tries(self, name: str) -> int:
        """Which try of a task (`dag/task`) is running: by its failed ones, as the handler counts."""
        keys = task_keys(self.run, name.partition("/")[2])
        number = 1
        while self.store.get(keys.failed(number)) is not None:
            number += 1
        return number

    def _name(self, event: dict[str, Any]) -> str:
        if self._source.random() >= self._kills.timeouts:
            return self._source.choice(CRASHES)
        if "task" in event and event["op"] != "await":
            self.timed_out[event["task"]] = self.timed_out.get(event["task"], 0) + 1
        return TIMED_OUT

    def _answer(self, event: dict[str, Any], store: Store) -> Any:
        now = self._now + self._later.get(event.get("task", ""), 0.0)
        invocation = Invocation(store, f"attempt-{self.invocations}", lambda: now, lambda: SECONDS, self.tokens.send)
        try:
            return handler.app.lambda_handler(event, invocation)
        except HandlerError as error:
            cause = {"errorMessage": str(error), "errorType": type(error).__name__}
            raise StateError(type(error).__name__, json.dumps(cause)) from error


@contextmanager
def in_process() -> Generator[None]:
    """Inside, the handler takes its invocation from whoever calls it."""
    with patch.object(handler.app, "from_context", _given), patch.dict("os.environ", {"STEPWEAVE_LOGS": "store"}):
        yield


def _given(context: object) -> Invocation:
    assert isinstance(context, Invocation)
    return context
