# pyright: basic
# Luigi has types for a part of itself only.
"""The adapter of one task: `run` is the entry of every state that stands for a Luigi task."""

from __future__ import annotations

import os
import random
from typing import Any, NoReturn

from handler.dispatch import Call, Origin
from handler.errors import InvalidEvent, NotRunnable, Pending, TaskError
from handler.json_types import JsonObject
from stepweave_luigi import targets
from stepweave_luigi.describe import is_external, make
from stepweave_luigi.mock import use_mock
from stepweave_luigi.process import run_task
from stepweave_luigi.tree import Tree, shipped
from stepweave_luigi.world import World, opened

#: Set by a verification: both sides then draw the same random numbers.
SEED = "STEPWEAVE_LUIGI_SEED"
_POLL_SECONDS = 30


def run(call: Call) -> None:
    """Run the task of this invocation. Its own errors are raised as they are."""
    if call.origin is None:
        raise InvalidEvent("a Luigi task runs as part of a machine only")
    if ended_elsewhere(call.config, call.origin, shipped()):
        return
    with opened(call.origin) as world:
        task = _task(call.config, call.origin.task, world)
        # Its module may be imported only now.
        use_mock(call.origin.invocation.store, call.origin.run)
        _run(task, call.config, call.origin, world)


def _task(config: JsonObject, name: str, world: World) -> Any:
    described = config.get("task")
    if name in world.tree or not isinstance(described, dict):
        return world.tree.task(name)
    return make(described, name)


def _run(task: Any, config: JsonObject, origin: Origin, world: World) -> None:
    if is_external(task):
        _external(task, origin, world)
        return
    if "owner" not in config and world.tree.described[origin.task].get("dynamic"):
        from stepweave_luigi.agenda import Agenda

        Agenda(origin, world.tree).go_on()
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
    if ended.new:
        _ask(ended.new, config, origin, world)


def _external(task: Any, origin: Origin, world: World) -> None:
    if task.complete():
        return
    wait = world.tree.settings.get("wait")
    if not wait:
        raise NotRunnable(f"{task} is external, and its data is not there")
    from stepweave_luigi.waiting import pause, waited

    passed = waited(origin)
    if wait is not True and passed > wait:
        raise NotRunnable(f"{task} is external, and its data did not come within {wait:g} s")
    raise Pending(wait=pause(passed, None if wait is True else wait, _POLL_SECONDS))


def ended_elsewhere(config: JsonObject, origin: Origin, tree: Tree) -> bool:
    """Whether another task asked for this one too, and has run it. It waits for that outside the world, which is open
    to one task of a process at a time: the other may need it."""
    if "owner" in config or not tree.settings.get("dynamic"):
        return False
    from stepweave_luigi.agenda import wait_for_owner

    return wait_for_owner(origin)


def _ask(new: tuple[Any, ...], config: JsonObject, origin: Origin, world: World) -> NoReturn:
    from stepweave_luigi.agenda import Agenda, note

    if "owner" in config:
        # The owner of the round looks at the note.
        note(origin, new)
        raise Pending
    if not world.tree.described[origin.task].get("dynamic"):
        raise TaskError("its run() yields tasks, and is no generator function: the machine was not made for that")
    Agenda(origin, world.tree).wait_for(new)
