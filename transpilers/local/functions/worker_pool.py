"""Warm worker processes behind one Lambda function, started as they are needed."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from transpilers.local.functions.in_process import to_response
from transpilers.local.functions.invocation import (
    Invocation,
    Response,
    SendTaskSuccess,
    error_response,
    nobody_waits,
    within_limit,
)
from transpilers.local.functions.sandbox import DiedError, Sandbox, SandboxSpec, TimedOutError

DEFAULT_CONCURRENCY = 16


class WorkerPool:
    """Up to `concurrency` sandboxes; more invocations than that wait for one, as they would be throttled on AWS.

    `folder` is first on the import path of `handler` (`module.function`). `timeout` bounds one invocation, in seconds;
    at its end the sandbox is killed. `environment` is the sandboxes' whole environment. `output` takes what the code
    writes to the standard streams of its process; this process's standard error if None. `send_task_success` takes the
    task tokens that an invocation sends back.
    """

    def __init__(
        self,
        folder: Path,
        handler: str,
        *,
        environment: Mapping[str, str],
        timeout: float = 900.0,
        concurrency: int = DEFAULT_CONCURRENCY,
        output: IO[str] | None = None,
        send_task_success: SendTaskSuccess = nobody_waits,
    ) -> None:
        self._timeout = timeout
        self._cwd = Path(tempfile.mkdtemp(prefix="stepweave-"))
        self._spec = SandboxSpec(
            folder=folder.resolve(),
            handler=handler,
            environment=environment,
            cwd=self._cwd,
            output=output,
            send_task_success=send_task_success,
        )
        self._places = threading.Semaphore(concurrency)
        self._lock = threading.Lock()
        self._idle: list[Sandbox] = []
        self._busy: set[Sandbox] = set()
        self._closed = False

    def invoke(self, invocation: Invocation) -> Response:
        """Run one event in a sandbox of its own; what goes wrong there is an error in Lambda's words."""
        with self._places:
            sandbox = self._take()
            try:
                response = to_response(sandbox.invoke(invocation, self._timeout))
            except TimedOutError:
                message = f"Error: Task timed out after {self._timeout:.2f} seconds"
                response = error_response("Sandbox.Timedout", f"RequestId: {invocation.request_id} {message}")
                sandbox.kill()
            except DiedError as died:
                message = f"RequestId: {invocation.request_id} Error: {died}"
                response = error_response("Runtime.ExitError", message)
                sandbox.kill()
            finally:
                self._put_back(sandbox)
        return within_limit(response)

    def close(self) -> None:
        """Kill every sandbox, what runs in it included."""
        with self._lock:
            self._closed = True
            sandboxes = [*self._idle, *self._busy]
            self._idle.clear()
        for sandbox in sandboxes:
            sandbox.kill()
        shutil.rmtree(self._cwd, ignore_errors=True)

    def _take(self) -> Sandbox:
        with self._lock:
            if self._closed:
                raise RuntimeError("the worker pool is closed")
            # The one used last is the one most likely still in the caches.
            sandbox = self._idle.pop() if self._idle else Sandbox(self._spec)
            self._busy.add(sandbox)
            return sandbox

    def _put_back(self, sandbox: Sandbox) -> None:
        with self._lock:
            self._busy.discard(sandbox)
            if sandbox.alive and not self._closed:
                self._idle.append(sandbox)
                return
        if not self._closed:
            sandbox.kill()
