"""The trigger rules: from the statuses of the direct upstream tasks to what becomes of a task.

Names and meaning are those of Apache Airflow 3 (`ti_deps/deps/trigger_rule_dep.py`), evaluated once all upstream
tasks are done. Only `one_success`, `one_failed`, `one_done` and `always` can be decided before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias, assert_never, get_args

Status: TypeAlias = Literal["success", "failed", "skipped", "upstream_failed"]
Seen: TypeAlias = Literal["success", "failed", "skipped", "upstream_failed", "removed", "none"]
Decision: TypeAlias = Literal["run", "skipped", "upstream_failed", "removed", "wait"]
Rule: TypeAlias = Literal[
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
]

STATUSES: tuple[Status, ...] = get_args(Status)
RULES: tuple[Rule, ...] = get_args(Rule)


def decide(rule: Rule, statuses: Sequence[Seen], *, index: int = -1, setups: Sequence[Seen] = ()) -> Decision:
    """What becomes of a task whose direct upstream tasks have these statuses; `none` is one that is not done.

    `index` is the item's place in a mapped task, -1 for any other; `setups` are the statuses of those upstream tasks
    that prepare something for this one. Once the answer is not `wait`, no later status changes it.
    """
    if rule == "always" or not statuses:
        return "run"
    done = "none" not in statuses
    success, failed = statuses.count("success"), statuses.count("failed")
    broken = failed + statuses.count("upstream_failed")
    match rule:
        case "one_success":
            if success:
                return "run"
            return _when(done, "skipped" if statuses.count("skipped") == len(statuses) else "upstream_failed")
        case "one_failed":
            return "run" if broken else _when(done, "skipped")
        case "one_done":
            return "run" if success or failed else _when(done, "skipped")
        case _:
            return _when(done, _decide_done(rule, statuses, index, setups))


def _when(done: bool, decision: Decision) -> Decision:
    return decision if done else "wait"


_LateRule: TypeAlias = Literal[
    "all_success",
    "all_failed",
    "all_done",
    "all_done_min_one_success",
    "all_done_setup_success",
    "none_failed",
    "none_failed_min_one_success",
    "none_skipped",
    "all_skipped",
]


def _decide_done(rule: _LateRule, statuses: Sequence[Seen], index: int, setups: Sequence[Seen]) -> Decision:
    success, skipped, removed = statuses.count("success"), statuses.count("skipped"), statuses.count("removed")
    broken = statuses.count("failed") + statuses.count("upstream_failed")
    match rule:
        case "all_success":
            if broken:
                return "upstream_failed"
            if skipped:
                return "skipped"
            return "removed" if removed and 0 < success <= index else "run"
        case "all_failed":
            return "skipped" if success or skipped else "run"
        case "all_done":
            return "run"
        case "all_done_min_one_success":
            if skipped:
                return "skipped"
            return "run" if success else "upstream_failed"
        case "all_done_setup_success":
            if not setups or "success" in setups:
                return "run"
            return "skipped" if setups.count("skipped") == len(setups) else "upstream_failed"
        case "none_failed":
            return "upstream_failed" if broken else "run"
        case "none_failed_min_one_success":
            if broken:
                return "upstream_failed"
            if skipped == len(statuses):
                return "skipped"
            return "run" if success else "upstream_failed"
        case "none_skipped":
            return "skipped" if skipped else "run"
        case "all_skipped":
            if success or broken:
                return "skipped"
            # With removed ones among them the source never decides, and its run fails as deadlocked.
            return "upstream_failed" if removed else "run"
        case _:
            assert_never(rule)
