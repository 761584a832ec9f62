"""This side of the engine's process: started when first needed, kept for the computations that follow."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import NamedTuple

from handler.binary import KEY_VARIABLE

OnEvent = Callable[[str, str], None]
#: Past executions stay in the engine's memory, so that its process is renewed now and then.
MOST_RUNS = 200
CLOSING_SECONDS = 5


class EngineError(RuntimeError):
    """The engine could not run the machine at all."""


class Ended(NamedTuple):
    """How an execution ended; `run` is the prefix of what it left in the store."""

    status: str
    error: str
    run: str


class Engine:
    """A process with the local engine, its workers, and a store of its own that goes with it.

    `key` signs what the workers store, and is known to nobody else.
    """

    def __init__(self, concurrency: int) -> None:
        self.pid = os.getpid()
        self.concurrency = concurrency
        self.key = os.environ.get(KEY_VARIABLE) or secrets.token_hex(32)
        self.folder = tempfile.mkdtemp(prefix="stepweave-dask-")
        self.runs = 0
        mine, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "transpilers.dask.engine_process", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr.fileno() if _has_descriptor(sys.stderr) else subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._connection = mine
        self._lines = mine.makefile("r", encoding="utf-8")
        self._say(store=self.store, key=self.key, folders=_folders(), concurrency=concurrency)
        if self._hear().get("ready") is not True:
            raise EngineError("the engine's process did not start")

    @property
    def store(self) -> str:
        """The URL of its store."""
        return f"file://{self.folder}"

    @property
    def alive(self) -> bool:
        """Whether it can take another machine."""
        return self._process.poll() is None and self.runs < MOST_RUNS

    def run(self, name: str, definition: bytes, on_event: OnEvent) -> Ended:
        """Run a machine to its end; `on_event` is told of its tasks. Raises EngineError."""
        self.runs += 1
        self._say(name=name, machine=definition.decode())
        while "ended" not in (message := self._hear()):
            on_event(str(message["task"]), str(message["status"]))
        told = ": ".join(str(message[part]) for part in ("error", "cause") if message.get(part))
        if message["ended"] == "REFUSED":
            raise EngineError(f"the engine refuses the machine: {told}")
        return Ended(str(message["ended"]), told, str(message["run"]))

    def forget(self, run: str) -> None:
        """Remove what a run left."""
        shutil.rmtree(os.path.join(self.folder, run), ignore_errors=True)

    def close(self) -> None:
        """End the process and remove its store."""
        self._connection.close()
        self._lines.close()
        try:
            # It has folders of its own to remove.
            self._process.wait(CLOSING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _say(self, **message: object) -> None:
        try:
            self._connection.sendall(json.dumps(message).encode() + b"\n")
        except OSError as error:
            raise EngineError(f"the engine's process has ended: {error}") from error

    def _hear(self) -> dict[str, object]:
        line = self._lines.readline()
        if not line:
            raise EngineError(f"the engine's process has ended (exit code {self._process.wait()})")
        return json.loads(line)


def _folders() -> list[str]:
    """Where this process finds modules beside the standard library, so that workers find the same."""
    return [folder for entry in sys.path if os.path.isdir(folder := os.path.abspath(entry))]


def _has_descriptor(stream: object) -> bool:
    try:
        return stream.fileno() >= 0  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return False
