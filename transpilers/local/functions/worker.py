"""The process of one warm Lambda sandbox. Standard library only; run by path, in an interpreter isolated from ours.

    python -I worker.py FD FOLDER MODULE.FUNCTION

Speaks JSON lines over the inherited socket FD, so that nothing the user's code prints can disturb the protocol. Reads
`{"event", "request_id", "name", "arn", "timeout"}` (seconds), runs the handler in the main thread, where signals work,
and answers `{"payload": JSON text}` or `{"error": {"errorType", "errorMessage", "stackTrace"}}`. The first line it
writes is `{"ready": true}`, or an `error` where the handler cannot be imported. Before its answer it may send task
tokens back: `{"send": {"token", "output"}}`, answered by `{"code", "message"}`, both empty where the token was taken.
When the other end closes, the process and all it has started end.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator


def descendants(pid: int) -> Iterator[int]:
    """Processes started by a process, and theirs; none where there is no /proc."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as listing:
            children = [int(child) for child in listing.read().split()]
    except OSError:
        return
    for child in children:
        yield from descendants(child)
        yield child


def kill_descendants(pid: int) -> None:
    """Kill all that a process has started, in groups and sessions of their own too."""
    for child in list(descendants(pid)):
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue


class LambdaContext:
    """The context object: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(
        self,
        *,
        request_id: str,
        name: str,
        arn: str,
        timeout: float,
        stream: str,
        send_task_success: Callable[[str, str], tuple[str, str]] | None = None,
    ) -> None:
        self.aws_request_id = request_id
        self.function_name = name
        self.function_version = "$LATEST"
        self.invoked_function_arn = arn
        self.memory_limit_in_mb = "512"
        self.log_group_name = f"/aws/lambda/{name}"
        self.log_stream_name = stream
        self.identity = None
        self.client_context = None
        #: Not of Lambda: Step Functions' SendTaskSuccess of the engine that this runs in.
        self.send_task_success = send_task_success
        self._deadline = time.monotonic() + timeout

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the invocation is stopped; 0 when its time is over."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def error_object(error: BaseException) -> dict[str, object]:
    """An exception as the Lambda runtime reports it, without the frame of this file."""
    trace = error.__traceback__
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "stackTrace": traceback.format_tb(trace.tb_next if trace else None),
    }


def run(handler: Callable[[object, LambdaContext], object], event: object, context: LambdaContext) -> dict[str, object]:
    """Call the handler; what it raises, or returns that JSON cannot hold, is an error. SystemExit passes."""
    try:
        result = handler(event, context)
    except SystemExit:
        raise
    except BaseException as error:
        return {"error": {**error_object(error), "requestId": context.aws_request_id}}
    try:
        return {"payload": json.dumps(result)}
    except (TypeError, ValueError) as error:
        message = f"Unable to marshal response: {error}"
        return {"error": {"errorType": "Runtime.MarshalError", "errorMessage": message, "stackTrace": []}}


def load(folder: str, name: str) -> Callable[[object, LambdaContext], object]:
    """The handler `module.function`, imported with `folder` first on the path."""
    sys.path.insert(0, folder)
    module, _, function = name.rpartition(".")
    return getattr(importlib.import_module(module), function)


def receive(connection: socket.socket, requests: queue.SimpleQueue[str]) -> None:
    """Pass requests to the main thread; the end of the connection is the end of the sandbox."""
    for line in connection.makefile("r", encoding="utf-8"):
        requests.put(line)
    kill_descendants(os.getpid())
    os._exit(0)


def main(descriptor: str, folder: str, name: str) -> None:
    """Serve requests until the other end closes."""
    connection = socket.socket(fileno=int(descriptor))
    connection.set_inheritable(False)
    requests: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=receive, args=(connection, requests), daemon=True).start()

    def send(message: dict[str, object]) -> None:
        connection.sendall(json.dumps(message).encode() + b"\n")

    def send_task_success(token: str, output: str) -> tuple[str, str]:
        send({"send": {"token": token, "output": output}})
        told = json.loads(requests.get())
        return told["code"], told["message"]

    try:
        handler = load(folder, name)
    except BaseException as error:
        message = f"Unable to import module '{name.rpartition('.')[0]}': {error}"
        send({"error": {**error_object(error), "errorMessage": message, "errorType": "Runtime.ImportModuleError"}})
        return
    send({"ready": True})
    stream = f"{time.strftime('%Y/%m/%d')}/[$LATEST]{os.getpid():032x}"
    while True:
        request = json.loads(requests.get())
        context = LambdaContext(
            request_id=request["request_id"],
            name=request["name"],
            arn=request["arn"],
            timeout=request["timeout"],
            stream=stream,
            send_task_success=send_task_success,
        )
        send(run(handler, json.loads(request["event"]), context))


if __name__ == "__main__":
    main(*sys.argv[1:])
