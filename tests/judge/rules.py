"""The trigger rules, written from the table of measured facts and Airflow's source alone.

Airflow looks at a task again and again, each time with the upstream tasks that are done by then. What it says then is a
row here: a status it assigns, "run", or nothing yet. Whoever waits until all are done asks once, with `done` set.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

RULES = (
    "all_success",
    "all_failed",
    "all_done",
    "all_done_min_one_success",
    "all_done_setup_success",
    "one_success",
    "one_failed",
    "one_done",
    "none_failed",
    "none_failed_min_one_success",
    "none_skipped",
    "all_skipped",
    "always",
)
#: The rules that came with Airflow 3.
NEW = frozenset({"all_done_min_one_success"})
#: Those that a task may have whatever was decided above it: they can run before all upstream tasks are done.
EARLY = frozenset({"one_success", "one_failed", "one_done", "always"})


def rules_of(major: int) -> tuple[str, ...]:
    """Those that a version of Airflow has."""
    return RULES if major == 3 else tuple(rule for rule in RULES if rule not in NEW)


class Seen(NamedTuple):
    """How many of the upstream tasks have ended in which way, of `total`; of the setups among them, of `setups`."""

    s: int
    k: int
    f: int
    u: int
    total: int
    setups: int = 0
    setups_s: int = 0
    setups_k: int = 0

    @property
    def done(self) -> bool:
        return self.s + self.k + self.f + self.u >= self.total


def seen(statuses: Iterable[str | None], setups: Iterable[str | None] = ()) -> Seen:
    """Count statuses, None for what is not done; `setups` are those of the setups among them."""
    every, prepared = list(statuses), list(setups)
    return Seen(
        s=every.count("success"),
        k=every.count("skipped"),
        f=every.count("failed"),
        u=every.count("upstream_failed"),
        total=len(every),
        setups=len(prepared),
        setups_s=prepared.count("success"),
        setups_k=prepared.count("skipped"),
    )


def ask(rule: str, at: Seen) -> str | None:
    """What becomes of a task now: run, skipped, upstream_failed, or None for nothing yet."""
    if rule == "always" or at.total == 0:
        return "run"
    s, k, f, u = at.s, at.k, at.f, at.u
    broken = f + u
    table: dict[str, tuple[tuple[tuple[object, str], ...], object]] = {
        "all_success": (((broken, "upstream_failed"), (k, "skipped")), s >= at.total),
        "all_failed": (((s or k, "skipped"),), broken >= at.total),
        "all_done": ((), at.done),
        "all_done_min_one_success": (
            ((k, "skipped"), (s + broken >= at.total - k and not s, "upstream_failed")),
            not k and s + broken >= at.total and s,
        ),
        "all_done_setup_success": (
            (
                (at.done and at.setups and at.setups_k >= at.setups, "skipped"),
                (at.done and at.setups and not at.setups_s, "upstream_failed"),
            ),
            at.done and (not at.setups or at.setups_s),
        ),
        "one_success": (((at.done and k == at.total, "skipped"), (at.done and not s, "upstream_failed")), s),
        "one_failed": (((at.done and not broken, "skipped"),), broken),
        "one_done": (((at.done and not (s or f), "skipped"),), s + f),
        "none_failed": (((broken, "upstream_failed"),), s + k >= at.total),
        "none_failed_min_one_success": (
            ((broken, "upstream_failed"), (k == at.total, "skipped"), (at.done and not s, "upstream_failed")),
            s + k >= at.total and s,
        ),
        "none_skipped": (((k, "skipped"),), at.done and not k),
        "all_skipped": (((s or broken, "skipped"),), k >= at.total),
    }
    assigned, runs = table[rule]
    for holds, status in assigned:
        if holds:
            return status
    return "run" if runs else None
