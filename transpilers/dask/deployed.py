"""A deployed handler behind the scheduler interface: each computation is a state machine of its own, made and removed.

Dask's configuration says where: `stepweave.handler` (the ARN of the deployed Lambda function), `stepweave.role` (the
ARN of the role that machines run with) and `stepweave.store` (the URL of the store that the function has). The key
that signs values is in `STEPWEAVE_KEY`, here as there.
"""

from __future__ import annotations

import importlib
import os
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from handler.binary import KEY_VARIABLE
from handler.keys import path
from handler.store import open_store
from transpilers.dask.engine import Ended, EngineError, OnEvent
from transpilers.local.bundle import HANDLER

SETTINGS = ("handler", "role", "store")
POLL_SECONDS = 1.0


class Deployed:
    """Runs machines on AWS, with the interface of `transpilers.dask.engine.Engine`.

    Raises EngineError where a setting is missing.
    """

    def __init__(
        self, settings: Mapping[str, Any], concurrency: int, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        missing = [f"stepweave.{name}" for name in SETTINGS if not settings.get(name)]
        missing += [] if os.environ.get(KEY_VARIABLE) else [KEY_VARIABLE]
        if missing:
            raise EngineError(f"a deployed machine needs {', '.join(missing)}")
        self.pid = os.getpid()
        self.concurrency = concurrency
        self.key = os.environ[KEY_VARIABLE]
        self.store = str(settings["store"])
        self.alive = True
        self._handler, self._role = str(settings["handler"]), str(settings["role"])
        self._sleep = sleep
        self._client: Any = importlib.import_module("boto3").client("stepfunctions")

    def run(self, name: str, definition: bytes, on_event: OnEvent) -> Ended:
        """Make a machine, run it to its end, and remove it; `on_event` is told of tasks that are done."""
        machine: str = self._client.create_state_machine(
            name=name, definition=definition.decode().replace(HANDLER, self._handler), roleArn=self._role
        )["stateMachineArn"]
        execution = ""
        try:
            started = self._client.start_execution(stateMachineArn=machine, name=str(uuid.uuid4()), input="{}")
            execution = started["executionArn"]
            return self._followed(name, execution, on_event)
        except BaseException:
            # Interrupted: what still runs there must not go on.
            if execution:
                self._client.stop_execution(executionArn=execution)
            raise
        finally:
            self._client.delete_state_machine(stateMachineArn=machine)

    def forget(self, run: str) -> None:
        """What a run left is the store's to expire."""

    def close(self) -> None:
        """Nothing is held."""
        self.alive = False

    def _followed(self, name: str, execution: str, on_event: OnEvent) -> Ended:
        heard: set[str] = set()
        while True:
            found = self._client.describe_execution(executionArn=execution)
            run = f"{name}/{found['name']}/{_written(found['startDate'])}"
            self._tell(run, heard, on_event)
            if found["status"] != "RUNNING":
                break
            self._sleep(POLL_SECONDS)
        told = ": ".join(str(found[part]) for part in ("error", "cause") if found.get(part))
        return Ended(str(found["status"]), told, run)

    def _tell(self, run: str, heard: set[str], on_event: OnEvent) -> None:
        """Tell of tasks whose done records are new; whether they ended well is looked at in the end."""
        from handler.records import done_from_bytes

        store = open_store(self.store)
        for key in store.list(f"{path(run)}/done/"):
            if key not in heard and (data := store.get(key)) is not None:
                heard.add(key)
                record = done_from_bytes(key, data)
                on_event(record.task, "running")
                on_event(record.task, record.status)


def _written(started: datetime) -> str:
    """A start as a compiled machine's first state writes it into the prefix of its run."""
    text = started.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z").replace(":", "")
