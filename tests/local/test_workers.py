"""Worker processes as Lambda sandboxes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from transpilers.local.functions import Invocation, Response, WorkerPool

ROOT = Path(__file__).resolve().parents[2]
HANDLER = """
import os, signal, subprocess, sys, threading, time

def handle(event, context):
    print("noise on stdout", flush=True)
    os.write(1, b"noise on the descriptor\\n")
    match event["op"]:
        case "exit":
            os._exit(event["code"])
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "sleep":
            time.sleep(event["s"])
        case "child":
            # In a session of its own, where signals to the worker's group do not reach it.
            child = subprocess.Popen(["sleep", "600"], start_new_session=True)
            open(event["file"], "w").write(str(child.pid))
            time.sleep(600)
        case "fork":
            if os.fork() == 0:
                time.sleep(600)
            os._exit(5)
        case "raise":
            raise ValueError("bad")
        case "exit politely":
            sys.exit(3)
        case "object":
            return object()
        case "large":
            return "x" * 7_000_000
        case "alarm":
            def ring(*_):
                raise TimeoutError("rang")
            signal.signal(signal.SIGALRM, ring)
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            time.sleep(60)
    return {
        "pid": os.getpid(),
        "left": context.get_remaining_time_in_millis(),
        "id": context.aws_request_id,
        "name": context.function_name,
        "arn": context.invoked_function_arn,
        "stream": context.log_stream_name,
        "main": threading.current_thread() is threading.main_thread(),
        "path": sys.path[0],
    }
"""


class Pool:
    """A pool, called with keyword arguments as the event."""

    def __init__(self, folder: Path, **options: Any) -> None:
        (folder / "entry.py").write_text(HANDLER)
        self.folder = folder
        self.pool = WorkerPool(folder, "entry.handle", environment=os.environ, **options)

    def __call__(self, op: str = "tell", **event: object) -> Response:
        text = json.dumps({"op": op, **event}).encode()
        return self.pool.invoke(Invocation(name="fn", arn="arn:fn", request_id="id-1", event=text))


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    """Sandboxes with a time-out of a second."""
    with (tmp_path / "output").open("w") as output:
        opened = Pool(tmp_path, timeout=1.0, output=output)
        yield opened
        opened.pool.close()


def eventually(holds: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether something comes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


def gone(pid: int) -> bool:
    """Whether a process has ended, reaped or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_a_sandbox_stays_warm(pool: Pool) -> None:
    """The same process serves the next event, in its main thread, with a context object."""
    first, second = json.loads(pool().payload), json.loads(pool().payload)
    assert first["pid"] == second["pid"] != os.getpid()
    assert (first["id"], first["name"], first["arn"], first["main"]) == ("id-1", "fn", "arn:fn", True)
    assert 0 < first["left"] <= 1000
    assert "[$LATEST]" in first["stream"]
    assert first["path"] == str(pool.folder)
    assert "noise on the descriptor" in (pool.folder / "output").read_text()


@pytest.mark.parametrize(
    ("event", "kind", "message"),
    [
        (
            {"op": "exit", "code": 7},
            "Runtime.ExitError",
            "RequestId: id-1 Error: Runtime exited with error: exit status 7",
        ),
        (
            {"op": "exit", "code": 0},
            "Runtime.ExitError",
            "RequestId: id-1 Error: Runtime exited without providing a reason",
        ),
        ({"op": "kill"}, "Runtime.ExitError", "RequestId: id-1 Error: Runtime exited with error: signal: killed"),
        ({"op": "fork"}, "Runtime.ExitError", "RequestId: id-1 Error: Runtime exited with error: exit status 5"),
        (
            {"op": "exit politely"},
            "Runtime.ExitError",
            "RequestId: id-1 Error: Runtime exited with error: exit status 3",
        ),
        ({"op": "sleep", "s": 600}, "Sandbox.Timedout", "RequestId: id-1 Error: Task timed out after 1.00 seconds"),
        ({"op": "raise"}, "ValueError", "bad"),
        ({"op": "alarm"}, "TimeoutError", "rang"),
        (
            {"op": "object"},
            "Runtime.MarshalError",
            "Unable to marshal response: Object of type object is not JSON serializable",
        ),
        (
            {"op": "large"},
            "Function.ResponseSizeTooLarge",
            "Response payload size (7000002 bytes) exceeded maximum allowed payload size (6291456 bytes).",
        ),
    ],
    ids=lambda value: value["op"] if isinstance(value, dict) else "",
)
def test_what_goes_wrong_is_said_as_lambda_says_it(pool: Pool, event: dict[str, Any], kind: str, message: str) -> None:
    """Error type and message; the next event is served."""
    response = pool(**event)
    assert response.failed
    error = json.loads(response.payload)
    assert (error["errorType"], error["errorMessage"]) == (kind, message)
    assert not pool().failed


def test_a_handler_that_cannot_be_imported(tmp_path: Path) -> None:
    """The module and the reason are named."""
    pool = WorkerPool(tmp_path, "absent.handle", environment=os.environ)
    error = json.loads(pool.invoke(Invocation(name="f", arn="a", request_id="r", event=b"{}")).payload)
    assert error["errorType"] == "Runtime.ImportModuleError"
    assert error["errorMessage"] == "Unable to import module 'absent': No module named 'absent'"
    pool.close()


def test_a_time_out_ends_the_children_too(pool: Pool, tmp_path: Path) -> None:
    """What the code has started does not outlive its sandbox."""
    file = tmp_path / "child"
    assert json.loads(pool("child", file=str(file)).payload)["errorType"] == "Sandbox.Timedout"
    assert eventually(lambda: gone(int(file.read_text())))


def test_no_more_sandboxes_than_allowed(tmp_path: Path) -> None:
    """The third of three waits for one of two places."""
    pool = Pool(tmp_path, concurrency=2)
    pids: list[int] = []
    threads = [
        threading.Thread(target=lambda: pids.append(json.loads(pool("sleep", s=0.5).payload)["pid"])) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pool.pool.close()
    assert len(pids) == 3
    assert len(set(pids)) == 2


def test_closing_ends_what_still_runs(tmp_path: Path) -> None:
    """A sandbox at work is killed, and its caller told."""
    pool = Pool(tmp_path)
    file = tmp_path / "child"
    answers: list[Response] = []
    thread = threading.Thread(target=lambda: answers.append(pool("child", file=str(file))))
    thread.start()
    assert eventually(file.exists)
    pool.pool.close()
    thread.join(20)
    assert [answer.failed for answer in answers] == [True]
    assert eventually(lambda: gone(int(file.read_text())))


def test_sandboxes_end_with_the_process_that_has_them(tmp_path: Path) -> None:
    """The engine's process is killed: its sandboxes end, and what they have started."""
    (tmp_path / "entry.py").write_text(HANDLER)
    script = f"""
import os
from pathlib import Path
from transpilers.local.functions import Invocation, WorkerPool
pool = WorkerPool(Path({str(tmp_path)!r}), "entry.handle", environment=os.environ)
event = b'{{"op": "child", "file": "{tmp_path}/child"}}'
pool.invoke(Invocation(name="f", arn="a", request_id="r", event=event))
"""
    owner = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    file = tmp_path / "child"
    assert eventually(lambda: file.exists() and file.read_text() != "")
    child = int(file.read_text())
    sandbox = int(Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[1])
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    assert eventually(lambda: gone(sandbox))
    assert eventually(lambda: gone(child))
