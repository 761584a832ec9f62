"""The trigger rules against the states that Airflow 3.3.2 was seen to assign."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.handler_world import SCHEMA

from handler.rules import RULES, Seen, decide

PAIRS = ["SS", "SF", "SK", "SU", "FF", "FK", "FU", "KK", "KU", "UU"]
STATES: dict[str, Seen] = {"S": "success", "F": "failed", "K": "skipped", "U": "upstream_failed"}
DECISIONS = {"R": "run", "k": "skipped", "u": "upstream_failed"}

# Two upstream tasks with the states of PAIRS, each task's state observed with `dag.test()`. One cell is not as
# observed: KU of all_success was seen as skipped, because the scheduler met K a tick before U. The rule says
# upstream_failed where it meets both at once (`trigger_rule_dep.py`), and that is when a compiled machine looks.
OBSERVED = {
    "all_success": "R u k u u u u k u u",
    "all_failed": "k k k k R k R k k R",
    "all_done": "R R R R R R R R R R",
    "all_done_min_one_success": "R R k R u k u k k u",
    "one_success": "R R R R u u u k u u",
    "one_failed": "k R k R R R R k R R",
    "one_done": "R R R R R R R k k k",
    "none_failed": "R u R u u u u R u u",
    "none_failed_min_one_success": "R u R u u u u k u u",
    "none_skipped": "R R k R R k R k k R",
    "all_skipped": "k k k k k k k R k k",
    "always": "R R R R R R R R R R",
}
ROWS = [
    (rule, pair, DECISIONS[letter])
    for rule, row in OBSERVED.items()
    for pair, letter in zip(PAIRS, row.split(), strict=True)
]
SEEN = st.sampled_from([*STATES.values(), "removed", "none"])


@pytest.mark.parametrize(("rule", "pair", "decision"), ROWS)
def test_observed_truth_table(rule, pair, decision):
    for statuses in itertools.permutations([STATES[letter] for letter in pair]):
        assert decide(rule, statuses) == decision


def test_the_table_has_every_rule_but_the_one_about_setups():
    assert {*OBSERVED, "all_done_setup_success"} == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_task_without_upstream_runs(rule):
    assert decide(rule, []) == "run"


@pytest.mark.parametrize(
    ("setups", "decision"),
    [
        ([], "run"),
        (["success", "failed"], "run"),
        (["skipped", "skipped"], "skipped"),
        (["skipped", "failed"], "upstream_failed"),
    ],
)
def test_all_done_setup_success_looks_at_the_setups_alone(setups, decision):
    assert decide("all_done_setup_success", [*setups, "failed"], setups=setups) == decision
    assert decide("all_done_setup_success", [*setups, "none"], setups=setups) == "wait"


@pytest.mark.parametrize(
    ("rule", "statuses", "index", "decision"),
    [
        ("all_success", ["success", "removed"], 1, "removed"),
        ("all_success", ["success", "removed"], 0, "run"),
        ("all_success", ["success", "removed"], -1, "run"),
        ("all_success", ["removed", "removed"], 1, "run"),
        ("all_failed", ["failed", "removed"], -1, "run"),
        ("all_done_min_one_success", ["success", "removed"], -1, "run"),
        ("all_done_min_one_success", ["removed", "failed"], -1, "upstream_failed"),
        ("one_success", ["removed", "skipped"], -1, "upstream_failed"),
        ("one_failed", ["removed", "success"], -1, "skipped"),
        ("one_done", ["removed", "removed"], -1, "skipped"),
        ("none_failed", ["removed", "success"], -1, "run"),
        ("none_failed_min_one_success", ["removed", "skipped"], -1, "upstream_failed"),
        ("none_skipped", ["removed", "failed"], -1, "run"),
        ("all_skipped", ["removed", "skipped"], -1, "upstream_failed"),
        ("all_skipped", ["removed", "success"], -1, "skipped"),
    ],
)
def test_removed_items(rule, statuses, index, decision):
    assert decide(rule, statuses, index=index) == decision


@pytest.mark.parametrize(
    ("rule", "statuses"),
    [
        ("one_success", ["success", "none"]),
        ("one_failed", ["upstream_failed", "none"]),
        ("one_done", ["failed", "none"]),
        ("always", ["none", "none"]),
    ],
)
def test_early_rules_do_not_wait_for_the_rest(rule, statuses):
    assert decide(rule, statuses) == "run"


@settings(deadline=None)
@given(st.sampled_from(RULES), st.lists(SEEN, max_size=5), st.data())
def test_what_is_decided_stays_decided(rule, statuses, data):
    later = [data.draw(SEEN) if status == "none" else status for status in statuses]
    decision = decide(rule, statuses)
    if decision != "wait":
        assert decide(rule, later) == decision


@settings(deadline=None)
@given(st.sampled_from(RULES), st.lists(SEEN.filter(lambda status: status != "none"), max_size=5))
def test_nothing_waits_once_all_are_done(rule, statuses):
    assert decide(rule, statuses) != "wait"


def test_the_names_are_those_of_the_schema():
    assert list(RULES) == SCHEMA["$defs"]["rule"]["enum"]
    assert list(STATES.values()) == ["success", "failed", "skipped", "upstream_failed"]
    assert set(SCHEMA["$defs"]["status"]["enum"]) == set(STATES.values())
