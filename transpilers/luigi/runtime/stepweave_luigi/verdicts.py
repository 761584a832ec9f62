"""Done records of tasks that do not run."""

from __future__ import annotations

from handler.dispatch import Origin
from handler.keys import task_keys
from handler.records import Done
from handler.story import write_done
from stepweave_luigi.explore import Verdict


def write(origin: Origin, task: str, verdict: Verdict) -> None:
    """Write how a task ends that does not run, unless it has ended."""
    record = Done(
        task=task,
        status=verdict.status,
        attempt=origin.invocation.attempt,
        number=0,
        ended=origin.invocation.clock(),
        values={},
        error=verdict.error,
    )
    write_done(origin.invocation, task_keys(origin.run, task), record)
