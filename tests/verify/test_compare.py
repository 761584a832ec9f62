"""The comparison: every kind of difference is seen, and what the source engine itself varies is not judged."""

import msgspec
import pytest

from transpilers.verify.compare import compare
from transpilers.verify.outcome import Outcome, TaskOutcome

SOURCE = Outcome("success", {"a": TaskOutcome("success", 1)}, {"a": {"return_value": 1}})


def differences(first: Outcome, second: Outcome, machine: Outcome, uncounted: frozenset[str] = frozenset()):
    found = compare("d", first, second, machine, uncounted)
    return [(one.task, one.kind, one.source, one.machine) for one in found.differences]


def test_equal_runs_have_no_difference():
    found = compare("d", SOURCE, SOURCE, SOURCE, frozenset())
    assert (found.tasks, found.values, found.differences, found.unstable) == (1, 1, (), ())


CHANGES = {
    "run": ({"state": "failed"}, ("", "run", "success", "failed")),
    "state": ({"tasks": {"a": TaskOutcome("failed", 1)}}, ("a", "state", "success", "failed")),
    "tries": ({"tasks": {"a": TaskOutcome("success", 2)}}, ("a", "tries", 1, 2)),
    "missing task": ({"tasks": {}}, ("a", "state", "success", None)),
    "value": ({"values": {"a": {"return_value": 2}}}, ("a", "value", 1, 2)),
    "type": ({"values": {"a": {"return_value": True}}}, ("a", "value", 1, True)),
    "missing value": ({"values": {}}, ("a", "value", 1, "(none)")),
    "skips": ({"skips": {"a": ("b",)}}, ("a", "skips", [], ["b"])),
    "part": ({"values": {"a": {"return_value": {"n": [1, {"x y": 2}]}}}}, ("a", "value", 1, {"n": [1, {"x y": 2}]})),
    "other key": ({"values": {"a": {"return_value": 1, "k": 0}}}, ("a", "value:k", "(none)", 0)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_difference_is_seen(name: str):
    change, expected = CHANGES[name]
    machine = msgspec.structs.replace(SOURCE, **change)
    assert differences(SOURCE, SOURCE, machine) == [expected]


def test_a_task_only_the_machine_has_is_a_difference():
    machine = msgspec.structs.replace(SOURCE, tasks={**SOURCE.tasks, "b": TaskOutcome("success", 1)})
    assert differences(SOURCE, SOURCE, machine) == [("b", "state", None, "success")]


def test_tries_of_tasks_that_only_join_are_not_counted():
    machine = msgspec.structs.replace(SOURCE, tasks={"a": TaskOutcome("success", 0)})
    assert differences(SOURCE, SOURCE, machine, frozenset({"a"})) == []


def test_an_unstable_value_is_listed_and_compared_by_type():
    second = msgspec.structs.replace(SOURCE, values={"a": {"return_value": 7}})
    other_number = msgspec.structs.replace(SOURCE, values={"a": {"return_value": 3}})
    text = msgspec.structs.replace(SOURCE, values={"a": {"return_value": "3"}})
    assert differences(SOURCE, second, other_number) == []
    assert differences(SOURCE, second, text) == [("a", "value", "int", "str")]
    assert [one.key for one in compare("d", SOURCE, second, SOURCE, frozenset()).unstable] == ["return_value"]


def test_parts_that_differ_are_told_by_their_places():
    def run(value: object) -> Outcome:
        return msgspec.structs.replace(SOURCE, values={"a": {"k": value}})

    source = {"rows": [{"id": 1, "at": "9:00"}, {"id": 2, "at": "9:01"}], "odd name": {"$type": "set", "$value": [1]}}
    again = {"rows": [{"id": 1, "at": "9:00"}, {"id": 2, "at": "9:05"}], "odd name": {"$type": "set", "$value": [1]}}
    machine = {"rows": [{"id": 1, "at": "9:00"}, {"id": 3, "at": 17}], "odd name": {"$type": "set", "$value": [2]}}
    found = compare("d", run(source), run(again), run(machine), frozenset())
    assert [(one.kind, one.place, one.source, one.machine) for one in found.differences] == [
        ("value:k", ".rows[1].id", 2, 3),
        ("value:k", ".rows[1].at", "str", "int"),
        ("value:k", '["odd name"]', {"$type": "set", "$value": [1]}, {"$type": "set", "$value": [2]}),
    ]
    assert [(one.key, one.place) for one in found.unstable] == [("k", ".rows[1].at")]
    assert compare("d", run(source), run(again), run(again), frozenset()).differences == ()
    # Another shape is another value, whatever varies in it.
    short = msgspec.structs.replace(SOURCE, values={"a": {"k": {"rows": []}}})
    assert [one.place for one in compare("d", run(source), run(again), short, frozenset()).differences] == [""]


def test_unstable_tries_leave_the_state_judged():
    second = msgspec.structs.replace(SOURCE, tasks={"a": TaskOutcome("success", 3)})
    machine = msgspec.structs.replace(SOURCE, tasks={"a": TaskOutcome("failed", 2)})
    found = compare("d", SOURCE, second, machine, frozenset())
    assert [one.kind for one in found.differences] == ["state"]
    again = compare("d", SOURCE, second, SOURCE, frozenset())
    assert [one.kind for one in again.unstable] == ["tries"]


def test_an_unstable_state_is_listed_and_not_judged():
    second = msgspec.structs.replace(SOURCE, tasks={"a": TaskOutcome("failed", 1)})
    machine = msgspec.structs.replace(SOURCE, tasks={"a": TaskOutcome("failed", 1)})
    found = compare("d", SOURCE, second, machine, frozenset())
    assert found.differences == ()
    assert [one.kind for one in found.unstable] == ["state"]
