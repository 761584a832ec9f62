"""Where user code runs during a verification: a home, a working and a temporary folder of its own, no secrets, and no
network unless it was allowed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from transpilers import isolate

SECRETS = ("AWS_", "AIRFLOW_CONN_", "AIRFLOW_VAR_")


class NoIsolation(Exception):
    """This system gives no network namespace, so code that must not reach the network was not started."""


class Ended(msgspec.Struct, frozen=True):
    """A process that came to its end: its exit code (None when its time was up) and what it printed."""

    code: int | None
    stdout: str
    stderr: str


def run_sandboxed(
    command: Sequence[str], folder: Path, *, environment: Mapping[str, str], allow_network: bool, time_limit: float
) -> Ended:
    """Run `command` in `folder`; when `time_limit` seconds are over, all its processes are killed.

    Raises NoIsolation when the network can be neither cut off nor is allowed.
    """
    home, scratch = folder / "home", folder / "tmp"
    for path in (home, scratch):
        path.mkdir(parents=True, exist_ok=True)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(SECRETS)}
    own = {"HOME": str(home), "TMPDIR": str(scratch), "PYTHONDONTWRITEBYTECODE": "1"}
    wrapped = list(command) if allow_network else [sys.executable, isolate.__file__, *command]
    process = subprocess.Popen(
        wrapped,
        cwd=folder,
        env={**kept, **own, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        stdout, stderr = process.communicate(timeout=time_limit)
    except subprocess.TimeoutExpired:
        _kill(process)
        stdout, stderr = process.communicate()
        return Ended(None, stdout, stderr)
    finally:
        _kill(process)
    if not allow_network and process.returncode == isolate.CANNOT_ISOLATE:
        raise NoIsolation
    return Ended(process.returncode, stdout, stderr)


def _kill(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
