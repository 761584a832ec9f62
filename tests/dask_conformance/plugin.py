"""A pytest plugin for Dask's own tests: another scheduler in place of the synchronous one, and who entered it.

`STEPWEAVE_JUDGED`: `ours` or `sync`. `STEPWEAVE_CHOSEN`: a file of test ids to keep, one a line.
`STEPWEAVE_OUTCOMES`: a file to which a line of JSON is added for each test, `{"id", "outcome", "entered", "reason"}`,
and before it one with the outcome `started`.
`STEPWEAVE_COLLECTED`: a file to which the ids of all collected tests are written instead.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import dask.base
import dask.local
import pytest

entered = 0


def _judged() -> Any:
    if os.environ.get("STEPWEAVE_JUDGED") == "ours":
        from transpilers.dask import get

        return get
    return dask.local.get_sync


scheduler = _judged()


def counted(dsk: Any, keys: Any, **kwargs: Any) -> Any:
    """The scheduler that is judged; how often it was entered is counted."""
    global entered
    entered += 1
    return scheduler(dsk, keys, **kwargs)


for name in ("sync", "synchronous", "single-threaded"):
    dask.base.named_schedulers[name] = counted


def identity(item: pytest.Item) -> str:
    """A test's id, whatever folder pytest was started for."""
    return f"{item.module.__name__}::{item.name}"  # type: ignore[attr-defined]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the chosen tests alone, or write down all that are left by the markers that pytest was given."""
    if collected := os.environ.get("STEPWEAVE_COLLECTED"):
        Path(collected).write_text("".join(f"{identity(item)}\n" for item in items))
        items.clear()
    elif chosen := os.environ.get("STEPWEAVE_CHOSEN"):
        wanted = set(Path(chosen).read_text().splitlines())
        items[:] = [item for item in items if identity(item) in wanted]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say that a test began: one that ends the process is told by what is missing after it."""
    global entered
    entered = 0
    _write({"id": identity(item), "outcome": "started"})


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Write down how a test ended."""
    report = (yield).get_result()
    if report.when == "call" or (report.when == "setup" and not report.passed):
        reason = "" if report.passed else _reason(report)
        _write({"id": identity(item), "outcome": report.outcome, "entered": entered, "reason": reason})


def _reason(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash else report.longrepr)[:300]


def _write(line: dict[str, object]) -> None:
    if outcomes := os.environ.get("STEPWEAVE_OUTCOMES"):
        with open(outcomes, "a") as file:
            file.write(json.dumps(line) + "\n")
