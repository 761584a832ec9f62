"""Gates and decisions: what is looked at before a rule, and which tasks a value skips."""

from __future__ import annotations

import pytest
from support.handler_world import World

from handler.decisions import Branch, ShortCircuit, decide_skips
from handler.errors import InfrastructureError, InvalidEvent, TaskError
from handler.gates import SeenGate, decide_gates
from handler.rules import RULES, Decision, Seen

BRANCH = Branch(("a", "b", "c"), {"a": ("a",), "b": ("b",), "group": ("b", "c"), "end": ("c",)}, frozenset({"far"}))
BRANCH_EVENT = {
    "kind": "branch",
    "targets": ["a", "b", "c"],
    "follows": {"a": ["a"], "b": ["b"], "group": ["b", "c"]},
    "others": ["far"],
}


@pytest.mark.parametrize(
    ("returned", "skips"),
    [
        ("a", "bc"),
        (["a", "b"], "c"),
        (("group",), "a"),
        ({"end": 1}, "ab"),
        ((name for name in ["a", "far"]), "bc"),
        ("far", "abc"),
        (None, "abc"),
        ([], "abc"),
        (["a", "group"], ""),
    ],
)
def test_a_branch_skips_the_targets_that_no_name_follows(returned: object, skips: str):
    assert decide_skips(BRANCH, returned) == tuple(skips)


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("nowhere", "'nowhere' is none"),
        ("", "'' is none"),
        (["a", 3], "names, not int"),
        (3, "None, not int"),
        (True, "None, not bool"),
    ],
)
def test_a_branch_to_what_is_not_there_fails(returned: object, said: str):
    with pytest.raises(TaskError, match=said):
        decide_skips(BRANCH, returned)


@pytest.mark.parametrize("returned", [None, False, 0, "", [], {}, 0.0])
def test_a_short_circuit_skips_all_on_a_falsy_value(returned: object):
    assert decide_skips(ShortCircuit(("a", "b")), returned) == ("a", "b")


@pytest.mark.parametrize("returned", [True, 1, "no", [0]])
def test_a_short_circuit_goes_on_otherwise(returned: object):
    assert decide_skips(ShortCircuit(("a", "b")), returned) == ()


REQUIRED: list[tuple[list[Seen], Decision]] = [
    ([], "run"),
    (["success"], "run"),
    (["success", "success"], "run"),
    (["skipped"], "skipped"),
    (["success", "skipped"], "skipped"),
    (["failed"], "upstream_failed"),
    (["upstream_failed", "success"], "upstream_failed"),
    (["skipped", "failed"], "upstream_failed"),
    (["none", "failed"], "upstream_failed"),
    (["none", "skipped"], "skipped"),
    (["none", "success"], "wait"),
]


@pytest.mark.parametrize(("statuses", "expected"), REQUIRED)
def test_what_is_required_decides_under_every_rule_but_always(statuses: list[Seen], expected: Decision):
    gates = [SeenGate("requires", status) for status in statuses]
    for rule in RULES:
        assert decide_gates(rule, gates) == ("run" if rule == "always" else expected)


def test_a_decided_skip_holds_against_everything():
    gates = [SeenGate("requires", "failed"), SeenGate("may_skip", "success", skips=True)]
    assert {decide_gates(rule, gates) for rule in RULES} == {"skipped"}


@pytest.mark.parametrize("status", ["success", "failed", "skipped", "upstream_failed", "none"])
def test_who_may_skip_and_does_not_has_no_say(status: Seen):
    assert decide_gates("all_success", [SeenGate("may_skip", status)]) == "run"


def gate(task: str, kind: str = "may_skip") -> dict[str, str]:
    return {"task": task, "kind": kind}


def test_a_branch_skips_through_the_store(world: World):
    world.module("choices", "def choose():\n    return ['b']\n")
    assert world.run_task("choose", "choices:choose", decision=BRANCH_EVENT) == "success"
    assert world.record("done/choose")["skips"] == ["a", "c"]
    assert world.record("done/choose")["values"] == {}
    assert world.run_task("a", gates=[gate("choose")], upstream=["choose"]) == "skipped"
    assert world.run_task("b", gates=[gate("choose")], upstream=["choose"]) == "success"
    assert world.run_task("c", gates=[gate("choose")], upstream=["a"], rule="all_done") == "skipped"
    assert world.record("done/c")["try"] == 0
    world.check_records()


def test_a_branch_that_skips_nothing_leaves_its_value(world: World):
    world.module("choices", "def choose():\n    return ['a', 'group']\n")
    assert world.run_task("choose", "choices:choose", decision=BRANCH_EVENT) == "success"
    record = world.record("done/choose")
    assert "skips" not in record
    assert record["values"] == {"return_value": {"inline": ["a", "group"]}}


def test_a_wrong_branch_is_a_failed_try(world: World):
    world.module("choices", "def choose():\n    return 'nowhere'\n")
    assert world.run_task("choose", "choices:choose", decision=BRANCH_EVENT) == "failed"
    assert "'nowhere' is none" in world.record("done/choose")["error"]["message"]
    assert world.run_task("a", gates=[gate("choose")], upstream=["choose"], rule="all_done") == "success"


def test_a_skipped_branch_skips_nobody_by_itself(world: World):
    world.module("choices", "from handler.errors import Skipped\ndef choose():\n    raise Skipped\n")
    assert world.run_task("choose", "choices:choose", decision=BRANCH_EVENT) == "skipped"
    assert world.run_task("a", gates=[gate("choose")], upstream=["choose"], rule="all_done") == "success"


def test_setups_are_counted_for_the_rule_that_asks_for_them(world: World):
    world.module("ends", "def fail():\n    raise ValueError\n")
    world.run_task("good")
    world.run_task("bad", "ends:fail")
    rule = {"rule": "all_done_setup_success", "upstream": ["good", "bad"]}
    assert world.run_task("one", **rule, gates=[gate("bad", "setup")]) == "upstream_failed"
    assert world.run_task("two", **rule, gates=[gate("good", "setup"), gate("bad", "setup")]) == "success"
    assert world.run_task("three", **rule) == "success"


def test_a_required_task_that_is_not_done_is_waited_for(world: World):
    with pytest.raises(InfrastructureError, match="before its upstream tasks were done: setup"):
        world.run_task("late", gates=[gate("setup", "requires")], rule="one_success")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("gates", [{"task": "a"}], "gates: a task and a kind are expected"),
        ("gates", [{"task": "a", "kind": "after"}], "gates: a task and a kind are expected"),
        ("decision", {"kind": "coin", "targets": []}, "decision.kind: branch or short_circuit is expected, not 'coin'"),
        ("decision", {"kind": "branch", "targets": "a"}, "targets: a list is expected"),
        ("decision", {"kind": "branch", "targets": [], "follows": {"a": "b"}}, "follows.a: a list of strings"),
        ("decision", {"kind": "short_circuit", "targets": [], "more": 1}, "unknown fields: more"),
    ],
)
def test_what_is_no_gate_and_no_decision_is_refused(world: World, field: str, value: object, said: str):
    from handler.app import answer
    from handler.events import parse

    with pytest.raises(InvalidEvent, match=said):
        answer(parse(world.event("t", **{field: value})), None)  # pyright: ignore[reportArgumentType] never reached
