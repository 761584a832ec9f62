"""One worker process, seen from this side: a warm Lambda sandbox."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, cast

import msgspec

from transpilers.local.functions import worker
from transpilers.local.functions.invocation import Invocation, SendTaskSuccess, nobody_waits

#: Seconds between looks at a silent process: a child of it may hold the connection open when it is dead.
LIVENESS_INTERVAL = 0.25


class SandboxSpec(msgspec.Struct, frozen=True, kw_only=True):
    """How a sandbox is started: the Lambda's folder, its handler, its environment, and where stray output goes."""

    folder: Path
    handler: str
    environment: Mapping[str, str]
    cwd: Path
    output: IO[str] | None = None
    send_task_success: SendTaskSuccess = nobody_waits


class TimedOutError(Exception):
    """The invocation is not over in its time."""


class DiedError(Exception):
    """The process ended without an answer; the message says how, in Lambda's words."""


class Sandbox:
    """A started worker. One invocation at a time; after any error it is to be killed."""

    def __init__(self, spec: SandboxSpec) -> None:
        self._spec = spec
        self._connection, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", worker.__file__, str(theirs.fileno()), str(spec.folder), spec.handler],
                stdin=subprocess.DEVNULL,
                stdout=spec.output or sys.stderr,
                stderr=spec.output or sys.stderr,
                env=dict(spec.environment),
                cwd=spec.cwd,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        finally:
            theirs.close()
        self._received = bytearray()
        self._ready = False

    def invoke(self, invocation: Invocation, timeout: float) -> dict[str, object]:
        """The worker's answer within `timeout` seconds. Raises TimedOutError or DiedError."""
        request = {
            "event": invocation.event.decode(),
            "request_id": invocation.request_id,
            "name": invocation.name,
            "arn": invocation.arn,
            "timeout": timeout,
        }
        deadline = time.monotonic() + timeout
        if not self._ready:
            greeting = self._read(timeout)
            if "error" in greeting:
                return greeting
            self._ready = True
        self._tell(request)
        while True:
            answer = self._read(deadline - time.monotonic())
            match answer:
                case {"send": {"token": str(token), "output": str(output)}}:
                    code, message = self._spec.send_task_success(token, output)
                    self._tell({"code": code, "message": message})
                case _:
                    return answer

    def _tell(self, message: Mapping[str, object]) -> None:
        with contextlib.suppress(OSError):
            # A process that died between two invocations shows when its answer is read.
            self._connection.settimeout(None)
            self._connection.sendall(json.dumps(message).encode() + b"\n")

    @property
    def alive(self) -> bool:
        """Whether the process is there, ready for another invocation."""
        return self._ready and self._process.poll() is None

    def kill(self) -> None:
        """End the process and all it has started, at once."""
        worker.kill_descendants(self._process.pid)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._connection.close()

    def _read(self, timeout: float) -> dict[str, object]:
        deadline = time.monotonic() + timeout
        while b"\n" not in self._received:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimedOutError
            ended = self._process.poll() is not None
            self._connection.settimeout(min(remaining, LIVENESS_INTERVAL))
            try:
                chunk = self._connection.recv(1 << 20)
            except TimeoutError:
                if ended:
                    raise DiedError(self._how_it_ended()) from None
                continue
            except OSError:
                raise DiedError(self._how_it_ended()) from None
            if not chunk:
                raise DiedError(self._how_it_ended())
            self._received += chunk
        line, _, rest = bytes(self._received).partition(b"\n")
        self._received = bytearray(rest)
        return cast("dict[str, object]", json.loads(line))

    def _how_it_ended(self) -> str:
        code = self._process.wait()
        if code < 0:
            name = signal.strsignal(-code) or str(-code)
            return f"Runtime exited with error: signal: {name.lower()}"
        if code > 0:
            return f"Runtime exited with error: exit status {code}"
        return "Runtime exited without providing a reason"
