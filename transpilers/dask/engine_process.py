"""A process that runs machines for a scheduler: `python -P -m transpilers.dask.engine_process DESCRIPTOR`.

The local engine replaces AWS in the process that it lives in. A program that only wants to compute something must not
find its own AWS clients answered by it, so the engine gets a process of its own, which is kept: its workers stay warm.

Speaks JSON lines over the inherited socket. First it reads `{"store", "key", "folders", "concurrency"}`, then machines:
`{"name", "machine": definition}`, each answered by events `{"task", "status"}` and at the end by
`{"ended": status, "error", "cause", "run": prefix}`. When the other end closes, it ends.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any, cast

from core_compiler.bundle.runtime import runtime_files
from handler.binary import KEY_VARIABLE
from transpilers.local.account import function_arn
from transpilers.local.bundle import HANDLER
from transpilers.local.engine import LocalEngine, MachineRefusedError
from transpilers.local.functions.worker_pool import WorkerPool
from transpilers.local.hosting import LOGS, STORE, USER
from transpilers.local.observe import Observed
from transpilers.local.run import FUNCTION, run_prefix
from transpilers.local.tokens import send_task_success
from transpilers.local.waits import cap_retry_waits

#: Somebody waits for the answer, and nothing has to recover in the meantime.
RETRY_SECONDS = 1


def main(descriptor: str) -> None:
    """Serve machines until the other end closes."""
    with socket.socket(fileno=int(descriptor)) as connection, tempfile.TemporaryDirectory(prefix="stepweave-") as code:
        connection.set_inheritable(False)
        lines, answers = connection.makefile("r", encoding="utf-8"), connection.makefile("w", encoding="utf-8")
        settings = json.loads(lines.readline())
        for path, content in runtime_files().items():
            (Path(code) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(code) / path).write_bytes(content)
        environment = {
            **os.environ,
            STORE: settings["store"],
            LOGS: "store",
            KEY_VARIABLE: settings["key"],
            USER: os.pathsep.join(settings["folders"]),
        }
        pool = WorkerPool(
            Path(code),
            "handler.app.lambda_handler",
            environment=environment,
            concurrency=settings["concurrency"],
            send_task_success=send_task_success,
        )

        def say(**message: object) -> None:
            answers.write(json.dumps(message) + "\n")
            answers.flush()

        observed = Observed(pool, lambda task, status: say(task=task, status=status), items=True)
        with LocalEngine({FUNCTION: observed}) as engine:
            say(ready=True)
            for line in lines:
                _serve(engine, json.loads(line), say)


def _serve(engine: LocalEngine, asked: dict[str, Any], say: Any) -> None:
    machine = json.loads(asked["machine"].replace(HANDLER, function_arn(FUNCTION)))
    definition = cast("dict[str, object]", cap_retry_waits(machine, RETRY_SECONDS))
    try:
        execution = engine.run(definition, {}, name=asked["name"])
    except MachineRefusedError as error:
        say(ended="REFUSED", error="MachineRefused", cause=str(error), run="")
        return
    prefix = run_prefix(asked["name"], execution)
    say(ended=execution.status, error=execution.error, cause=execution.cause, run=prefix)


if __name__ == "__main__":
    main(sys.argv[1])
