"""A handler that raises, dies, hangs, returns too much or comes back from the dead: one story in the end."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from local.bundles import Job, write_bundle

from handler.keys import task_keys
from handler.store import open_store
from transpilers.local import RunResult, run_bundle

CODE = """
import os, pathlib, signal, sys, time

def fine():
    return "fine"

def bad():
    raise ValueError("kaput")

def leave():
    os._exit(7)

def quit_politely():
    sys.exit(3)

def killed():
    os.kill(os.getpid(), signal.SIGKILL)

def large():
    return ["x" * 1000] * 9000

def hangs():
    time.sleep(600)

def deaf():
    # Not even the handler's own alarm ends it.
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    while True:
        time.sleep(600)

def zombie():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    time.sleep(2)
    return "too late"

def crashes_once(marker):
    path = pathlib.Path(marker)
    if not path.exists():
        path.touch()
        os._exit(1)
    return "second time"

def takes_a_while():
    time.sleep(3)
    return "waited"
"""


def run(tmp_path: Path, *, lambda_timeout: float = 30.0, **jobs: Job) -> RunResult:
    """Run a bundle of these tasks, with one that always runs at the end."""
    bundle = write_bundle(tmp_path / "b", CODE, {**jobs, "last": Job("fine", tuple(jobs), rule="all_done")})
    store = (tmp_path / "store").as_uri()
    return run_bundle(bundle, store=store, lambda_timeout=lambda_timeout, timeout=100)


def story(tmp_path: Path, ended: RunResult, task: str) -> dict[str, object]:
    """The done record of a task, as the store has it."""
    data = open_store((tmp_path / "store").as_uri()).get(task_keys(ended.run, task).done)
    assert data is not None
    return json.loads(data)


@pytest.mark.parametrize("function", ["bad", "leave", "quit_politely", "killed"])
def test_it_raises_or_dies(tmp_path: Path, function: str) -> None:
    """The task failed, what comes after runs, the run's verdict is that of its leaf."""
    ended = run(tmp_path, it=Job(function, crash_retries=1))
    assert ended.tasks == {"it": "failed", "last": "success"}, ended.diagnostics
    assert ended.status == "SUCCEEDED"
    assert story(tmp_path, ended, "it")["status"] == "failed"


def test_it_dies_once(tmp_path: Path) -> None:
    """A crash is no try of the source: the same try runs again in a new sandbox."""
    marker = {"value": str(tmp_path / "marker")}
    ended = run(tmp_path, it=Job("crashes_once", args=(marker,)))
    assert (ended.tasks["it"], ended.tries["it"]) == ("success", 1)
    assert ended.results["it"] == "second time"


def test_it_returns_too_much(tmp_path: Path) -> None:
    """Nine megabytes go to the store, not through the machine."""
    ended = run(tmp_path, it=Job("large"))
    assert ended.status == "SUCCEEDED", ended.diagnostics
    assert ended.results["it"] == ["x" * 1000] * 9000


def test_its_own_time_limit_ends_it(tmp_path: Path) -> None:
    """execution_timeout is the handler's: the try failed, by TimedOut."""
    ended = run(tmp_path, it=Job("hangs", timeout=1.0))
    assert ended.tasks == {"it": "failed", "last": "success"}, ended.diagnostics
    assert ended.diagnostics == () or "TimedOut" in ended.diagnostics[0].message


@pytest.mark.parametrize("function", ["hangs", "deaf"])
def test_it_never_returns_and_lambda_ends_it(tmp_path: Path, function: str) -> None:
    """The sandbox is killed when Lambda's time is up, if the handler cannot stop before."""
    ended = run(tmp_path, lambda_timeout=3.0, it=Job(function))
    assert ended.tasks == {"it": "failed", "last": "success"}, ended.diagnostics
    assert ended.status == "SUCCEEDED"


def test_it_never_returns_and_the_state_times_out(tmp_path: Path) -> None:
    """The machine goes on at the state's TimeoutSeconds, and ends with the sandbox still busy."""
    started = time.monotonic()
    ended = run(tmp_path, lambda_timeout=300.0, it=Job("deaf", state_timeout=1))
    assert ended.tasks == {"it": "failed", "last": "success"}, ended.diagnostics
    assert time.monotonic() - started < 60


def test_a_zombie_reports_success_after_its_time(tmp_path: Path) -> None:
    """The state timed out and the task was settled; the success that comes later changes nothing."""
    jobs = {"it": Job("zombie", state_timeout=1, timeout=1.0), "other": Job("takes_a_while")}
    ended = run(tmp_path, **jobs)
    assert ended.tasks == {"it": "failed", "other": "success", "last": "success"}, ended.diagnostics
    assert story(tmp_path, ended, "it")["status"] == "failed"
    assert "it" not in ended.results


def test_a_zombie_may_win(tmp_path: Path) -> None:
    """The first try's zombie finishes while the retry waits for it or runs: whoever is first, all tell the same."""
    ended = run(tmp_path, it=Job("zombie", state_timeout=1, retries=3), other=Job("takes_a_while"))
    record = story(tmp_path, ended, "it")
    assert ended.tasks["it"] == record["status"]
    assert ended.tasks["last"] == "success"
    assert ("it" in ended.results) == (record["status"] == "success")
