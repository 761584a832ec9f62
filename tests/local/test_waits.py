"""Shorter waits between retries, and nothing else."""

from __future__ import annotations

from pathlib import Path

from local.bundles import Job, write_bundle
from local.machines import call, machine, states

from core_compiler.emit.expected import Cost
from transpilers.local import run_bundle
from transpilers.local.waits import cap_retry_waits


def test_only_retriers_change() -> None:
    """In branches too; a state named Retry, and data that looks like a retrier, stay."""
    slow = {"ErrorEquals": ["E"], "IntervalSeconds": 300, "BackoffRate": 2.0, "MaxAttempts": 3}
    quick = {**slow, "IntervalSeconds": 1, "MaxDelaySeconds": 1}
    looks_like = {"Type": "x", "Retry": [slow]}

    def build(retrier: object) -> object:
        inner = states("Retry", Retry=call(looks_like, Retry=[retrier]))
        return machine("P", P={"Type": "Parallel", "Branches": [inner], "Retry": [retrier], "End": True})

    assert cap_retry_waits(build(slow), 1) == build(quick)


def test_a_crashing_task_need_not_wait(tmp_path: Path) -> None:
    """The number of attempts is the same, the time between them is not."""
    bundle = write_bundle(tmp_path / "b", "import os\ndef it():\n    os._exit(1)\n", {"it": Job("it", crash_retries=2)})
    text = (bundle / "machine.asl.json").read_text()
    (bundle / "machine.asl.json").write_text(text.replace('"IntervalSeconds": 1', '"IntervalSeconds": 1000'))
    seen: list[str] = []
    ended = run_bundle(
        bundle,
        store=(tmp_path / "s").as_uri(),
        max_retry_wait=1,
        timeout=60,
        on_event=lambda _, status: seen.append(status),
    )
    assert ended.tasks == {"it": "failed"}
    assert seen.count("running") == 3
    # Crashes cost no try of the task, and so are in no prediction: two retries more.
    assert ended.expected == Cost(ended.transitions - 2, ended.events - 6)
