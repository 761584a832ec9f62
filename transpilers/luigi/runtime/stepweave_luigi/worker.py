"""The adapter of one task: `run` is the entry of every state that stands for a Luigi task."""

from __future__ import annotations

import os
import random
from typing import Any

from handler.dispatch import Call, Origin
from handler.errors import InvalidEvent, NotRunnable
from stepweave_luigi import targets
from stepweave_luigi.describe import is_external
from stepweave_luigi.process import run_task
from stepweave_luigi.world import World, opened

#: Set by a verification: both sides then draw the same random numbers.
SEED = "STEPWEAVE_LUIGI_SEED"


def run(call: Call) -> None:
    """Run the task of this invocation. Its own errors are raised as they are."""
    if call.origin is None:
        raise InvalidEvent("a Luigi task runs as part of a machine only")
    with opened(call.origin) as world:
        _run(world.tree.task(call.origin.task), call.origin, world)


def _run(task: Any, origin: Origin, world: World) -> None:
    if is_external(task):
        if not task.complete():
            raise NotRunnable(f"{task} is external, and its data is not there")
        return
    if origin.again and task.complete():
        # An attempt before this one was interrupted after it had left its outputs: Luigi would not run it again.
        print(f"{task} is complete: an earlier attempt left its outputs")
        return
    if os.environ.get(SEED):
        random.seed(f"{os.environ[SEED]}{task.task_id}")
    ended = run_task(task, **world.tree.settings.get("worker", {}))
    # Also after a failure: what it wrote is there in Luigi too. A task out of its time never comes here.
    world.files.keep(targets.local_outputs(task))
    if ended.error is not None:
        raise ended.error
