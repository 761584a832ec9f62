"""The first state: what Luigi's worker finds out before it runs anything.

From the roots down: what is complete is done, and what only it requires is not looked at. Tasks that are not to run
get their done records here, which their states adopt; all others are left to the machine.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from handler.dispatch import Call
from handler.errors import InvalidEvent
from stepweave_luigi.explore import NOT_NEEDED, explore
from stepweave_luigi.verdicts import write
from stepweave_luigi.world import opened

_WRITERS = 16


def run(call: Call) -> None:
    """Write the records of all tasks that will not run, and print how many there are of each sort."""
    if call.origin is None:
        raise InvalidEvent("a schedule is part of a machine only")
    with opened(call.origin) as world:
        waits = bool(world.tree.settings.get("wait"))
        verdicts = explore(map(world.tree.task, world.tree.roots), world.tree.frozen, waits=waits)
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
