"""Which of Luigi's own tests are replayed, and how each ends.

    python -m luigi_trees.replay_tests FOLDER [MODULE ...]

FOLDER is `test/` of Luigi's source package. Each test runs twice, in processes of its own: with Luigi's worker, then
with the machine's. One that fails with Luigi itself (a service that is not there) judges nothing.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import tempfile
import unittest
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from transpilers.luigi.loader import RUNTIME

MODULES = (
    "worker_test",
    "worker_task_test",
    "worker_external_task_test",
    "execution_summary_test",
    "event_callbacks_test",
    "fib_test",
    "factorial_test",
    "recursion_test",
    "wrap_test",
    "task_forwarded_attributes_test",
    "subtask_test",
    "decorator_test",
    "instance_wrap_test",
    "simulate_test",
    "set_task_name_test",
    "range_test",
)
SECONDS = 60


class Ended(NamedTuple):
    """How one test ended: passed, failed or skipped, the last line of its error, and how many machines ran in it."""

    how: str
    why: str = ""
    machines: int = 0


def tests_of(module: str) -> Iterator[unittest.TestCase]:
    """The tests of a module."""
    stack: list[Any] = [unittest.defaultTestLoader.loadTestsFromName(module)]
    while stack:
        one = stack.pop()
        if isinstance(one, unittest.TestSuite):
            stack.extend(reversed(list(one)))
        else:
            yield one


def ended(test: unittest.TestCase, *, machine: bool) -> Ended:
    """Run one test in a process of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        answer = Path(folder) / "answer"
        pid = os.fork()
        if pid == 0:
            os.setpgid(0, 0)
            signal.alarm(SECONDS)
            os.environ.update(TMPDIR=folder)
            tempfile.tempdir = folder
            os.chdir(folder)
            silent = os.open(os.devnull, os.O_WRONLY)
            if not os.environ.get("STEPWEAVE_REPLAY_LOGS"):
                os.dup2(silent, 1)
                os.dup2(silent, 2)
            if machine:
                from luigi_trees import replay

                replay.install()
                _rebind(sys.modules[type(test).__module__], replay.MachineWorker)
            found = _run(test)
            if machine:
                found = found._replace(machines=replay.Current.machines)
            answer.write_bytes(pickle.dumps(found))
            os._exit(0)
        os.waitpid(pid, 0)
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        return pickle.loads(answer.read_bytes()) if answer.exists() else Ended("failed", "it did not come to its end")


def _rebind(module: Any, worker: type) -> None:
    if hasattr(module, "Worker"):
        module.Worker = worker


def _run(test: unittest.TestCase) -> Ended:
    result = unittest.TestResult()
    test.run(result)
    if result.skipped:
        return Ended("skipped", result.skipped[0][1])
    for _, text in (*result.errors, *result.failures):
        lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
        return Ended("failed", lines[-1][:160] if lines else "")
    return Ended("passed")


def replayed(folder: Path, modules: tuple[str, ...] = MODULES) -> Iterator[tuple[str, Ended, Ended | None]]:
    """Each test's name, how it ended with Luigi, and with the machine (None where Luigi's own run failed)."""
    prepare(folder)
    for module in modules:
        for test in tests_of(module):
            own = ended(test, machine=False)
            yield test.id(), own, ended(test, machine=True) if own.how == "passed" else None


def prepare(folder: Path) -> None:
    """Import all that the tests need once, before any process is forked."""
    import unittest.mock

    sys.path[:0] = [str(folder), str(RUNTIME)]
    sys.modules.setdefault("mock", unittest.mock)
    import stepweave_luigi.agenda
    import stepweave_luigi.worker  # noqa: F401

    import transpilers.local.engine  # noqa: F401


if __name__ == "__main__":
    for name, own, ours in replayed(Path(sys.argv[1]).resolve(), tuple(sys.argv[2:]) or MODULES):
        shown = f"Luigi {own.how} {own.why}" if ours is None else f"{ours.how} {ours.machines} {ours.why}"
        print(f"{name}: {shown}", flush=True)
