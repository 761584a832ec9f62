"""The room in which user code is loaded: a subprocess with a home and a temporary folder of its own, and a time limit.

Its processes end with it, also those that the user's code has started. What it answers is in files of the room.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

#: The user's accounts.
ACCOUNTS = ("AWS_",)
FORCED = {
    "PYTHONDONTWRITEBYTECODE": "1",
    # The order of a user's set of strings is then the same each time.
    "PYTHONHASHSEED": "0",
}


class Ended(NamedTuple):
    """How it ended: `code` as `subprocess` has it, None after the time limit; `said`: its last line."""

    code: int | None
    said: str

    @property
    def how(self) -> str:
        """For a message: the exit code or the signal, and what was said where that was a failure."""
        if self.code is None:
            return "took too long"
        how = f"was killed by signal {-self.code}" if self.code < 0 else f"ended with exit code {self.code}"
        return how + (f": {self.said[:200]}" if self.said and self.code else "")


def environment(room: Path, removed: Sequence[str] = ACCOUNTS) -> dict[str, str]:
    """The user's environment with a home and a temporary folder in `room`, without what begins as `removed`."""
    for name in ("home", "tmp"):
        (room / name).mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(tuple(removed))}
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(room / "tmp"))
    return kept | {"HOME": str(room / "home"), **temporary, **FORCED}


def interpreter(python: Path | None) -> str:
    """Absolute, since subprocesses have working folders of their own; a bare name is looked up on PATH."""
    if python is None:
        return sys.executable
    return os.path.abspath(shutil.which(str(python)) or python)


def run(
    command: Sequence[str], room: Path, *, environment: Mapping[str, str], folder: Path, time_limit: float
) -> Ended:
    """Run `command` in `folder`, its output in the room's `log`. Raises OSError where it cannot be started."""
    with open(room / "log", "wb") as log:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        code = None
        try:
            code = process.wait(time_limit)
        except subprocess.TimeoutExpired:
            pass
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    lines = (room / "log").read_text(errors="replace").split("\n")
    return Ended(code, next((line.strip() for line in reversed(lines) if line.strip()), ""))
