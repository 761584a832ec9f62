"""The first state: what Luigi's worker finds out before it runs anything.

From the roots down: what is complete is done, and what only it requires is not looked at. Tasks that are not to run
get their done records here, which their states adopt; all others are left to the machine.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

from handler.dispatch import Call
from handler.errors import InvalidEvent
from stepweave_luigi.explore import NOT_NEEDED, explore
from stepweave_luigi.files import Files
from stepweave_luigi.targets import local_outputs
from stepweave_luigi.verdicts import write
from stepweave_luigi.world import opened

_WRITERS = 16


def run(call: Call) -> None:
    """Write the records of all tasks that will not run, and print how many there are of each sort."""
    if call.origin is None:
        raise InvalidEvent("a schedule is part of a machine only")
    with opened(call.origin) as world:
        waits = bool(world.tree.settings.get("wait"))
        ahead = partial(_look, world.files)
        verdicts = explore(map(world.tree.task, world.tree.roots), world.tree.frozen, waits=waits, ahead=ahead)
        known = list(world.tree.described)
    settled = {name: verdict for name in known if (verdict := verdicts.get(name, NOT_NEEDED)) is not None}
    with ThreadPoolExecutor(_WRITERS) as pool:
        list(pool.map(partial(write, call.origin), settled, settled.values()))
    counts = dict.fromkeys(("success", "skipped", "upstream_failed", "failed"), 0)
    for verdict in settled.values():
        counts[verdict.status] += 1
    print(
        f"{len(known)} tasks: {counts['success']} complete, {len(known) - len(settled)} to run, "
        f"{counts['skipped']} not needed, {counts['upstream_failed']} external and missing, {counts['failed']} broken"
    )


def _look(files: Files, tasks: list[Any]) -> None:
    """Have the store asked for the local outputs of tasks all at once: each answer takes some 20 ms on S3."""
    paths: list[str] = []
    for task in tasks:
        # What output() raises is raised again, and told, where complete() calls it.
        with suppress(Exception):
            paths += local_outputs(task)
    files.look(paths)
