"""Delays between tries are those of Airflow but for its jitter, asked of Airflow's own function."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from support.airflow_sources import BASH, task

from core_compiler.emit.retries import retriers
from transpilers.airflow.call import Delta, Literal, OperatorCall, Value
from transpilers.airflow.live.loader import environment

pytestmark = pytest.mark.airflow

ASK = """
import json, sys
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from airflow.models.taskinstance import TaskInstance

answers = []
for case in json.load(sys.stdin):
    longest = case["longest"]
    task = SimpleNamespace(
        retry_delay=timedelta(seconds=case["delay"]),
        retry_exponential_backoff=case["backoff"],
        max_retry_delay=longest and timedelta(seconds=longest),
    )
    delays = []
    for number in range(1, case["retries"] + 1):
        end = datetime(2026, 1, 1, tzinfo=timezone.utc)
        instance = SimpleNamespace(
            task=task, retry_delay_override=None, try_number=number, end_date=end, dag_id="d", task_id=str(case),
            logical_date=end,
        )
        delays.append((TaskInstance.next_retry_datetime(instance) - end).total_seconds())
    answers.append(delays)
json.dump(answers, sys.stdout)
"""
CASES = [
    {"delay": delay, "backoff": backoff, "longest": longest, "retries": 6}
    for delay, backoff, longest in product(
        (0, 1, 7, 90.5, 300, 40_000), (0, 1, 1.5, 2, 10), (None, 1, 5, 120, 900, 90_000)
    )
]


def _compiled(case: dict[str, float | None]) -> list[float]:
    """The delays of the machine's own retrier."""
    kwargs: dict[str, Value] = {
        "bash_command": Literal("true"),
        "retries": Literal(case["retries"]),
        "retry_delay": Delta(float(case["delay"] or 0)),
        "retry_exponential_backoff": Literal(case["backoff"]),
    }
    if case["longest"]:
        kwargs["max_retry_delay"] = Delta(float(case["longest"]))
    made, _ = task(OperatorCall(BASH, "t", kwargs))
    assert made is not None
    own = retriers(made.task)[1]
    assert own.max_delay_seconds is None or own.max_delay_seconds > own.interval_seconds, "ASL's own rule"
    grown = [own.interval_seconds * own.backoff_rate**number for number in range(own.max_attempts)]
    return [min(delay, own.max_delay_seconds or delay) for delay in grown]


def test_delays_are_the_lower_bounds_of_airflows(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ASK], input=json.dumps(CASES), env=environment(tmp_path), capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    for case, airflows in zip(CASES, json.loads(ended.stdout.splitlines()[-1]), strict=True):
        ours = _compiled(case)
        assert len(ours) == len(airflows)
        for mine, theirs in zip(ours, airflows, strict=True):
            # ASL counts whole seconds from 1, and its cap lies above its interval.
            whole = max(1.0, theirs)
            if case["backoff"] in (0, 1):
                assert whole <= mine < whole + 1, case
            else:
                assert whole / 2 - 1 <= mine <= whole + 1, (case, ours, airflows)
