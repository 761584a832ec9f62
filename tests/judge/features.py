"""What the compiler takes today: each kind is tried with a small DAG, so that the judge widens as the compiler does."""

from __future__ import annotations

from functools import cache

import msgspec
from judge.fast import Refused, compiled_from
from judge.spec import Features, Kind, Role, Spec, Task
from judge.wire import wire

PROBES = {
    "branches": Spec(
        "branch", (Task(id="a", kind=Kind.BRANCH, chosen=("b",)), Task(id="b", upstream=("a",)), Task(id="c"))
    ),
    "short_circuits": Spec(
        "short", (Task(id="a", kind=Kind.SHORT_CIRCUIT, keeps_rules=True), Task(id="b", upstream=("a",)))
    ),
    "setups": Spec(
        "setups",
        (
            Task(id="a", role=Role.SETUP),
            Task(id="b", upstream=("a",)),
            Task(
                id="c",
                role=Role.TEARDOWN,
                rule="all_done_setup_success",
                upstream=("a", "b"),
                setups=("a",),
                fails_run=True,
            ),
        ),
    ),
    "fail_fast": Spec("fast", (Task(id="a"),), fail_fast=True),
}


@cache
def supported(*, races: bool = True, major: int = 3) -> Features:
    """Everything the compiler does not refuse."""
    taken = {name: _taken(spec) for name, spec in PROBES.items()}
    return msgspec.structs.replace(Features(races=races, major=major), **taken)


def words(features: Features) -> str:
    """The names of what is used, and of what is not yet."""
    every = msgspec.structs.asdict(features)
    used = [name for name, on in every.items() if on is True and name != "races"]
    return ", ".join(used) + "".join(
        f" (without {name})" for name, on in every.items() if on is False and name != "races"
    )


def _taken(spec: Spec) -> bool:
    try:
        compiled_from(wire(spec))
    except Refused:
        return False
    return True
