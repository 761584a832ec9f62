"""What a failure means for the tries that are left."""

from __future__ import annotations

import pytest
from support.handler_world import World, conforms

from handler.errors import InvalidEvent, TryFailed
from handler.events import parse

RULES = [
    {"errors": ["m:Gone"], "fails": True},
    {"errors": ["builtins:ConnectionError", "not.there:Error"], "after": 30},
    {"errors": ["builtins:LookupError"], "fails": True, "exact": True},
    {"errors": ["handler.errors_airflow:AirflowException"], "after": 7},
]


@pytest.mark.parametrize(
    ("raised", "name"),
    [
        ("ConnectionResetError", "TryFailedAfter30"),
        ("KeyError", "TryFailed"),
        ("ValueError", "TryFailed"),
        ("TaskError", "TryFailedAfter7"),
        ("Gone", None),
        ("LookupError", None),
    ],
)
def test_the_first_rule_that_fits_decides(world: World, raised: str, name: str | None):
    world.module("m", f"from handler.errors import TaskError\nclass Gone(Exception): pass\ndef f(): raise {raised}")
    event = world.event("t", "m:f", retries=1) | {"retry_rules": RULES}
    if name is None:
        assert world.invoke(event)["status"] == "failed"
        return
    with pytest.raises(TryFailed) as failed:
        world.invoke(event)
    assert type(failed.value).__name__ == name
    conforms(name, "errorName")
    # No rule gives more tries than there are.
    assert world.invoke(event)["status"] == "failed"


def test_rules_that_cannot_be_applied_decide_nothing(world: World):
    world.module("m", "def f(): raise ValueError")
    with pytest.raises(TryFailed) as failed:
        world.invoke(world.event("t", "m:f", retries=1) | {"retry_rules": [{"errors": ["m:f"], "fails": True}]})
    assert type(failed.value) is TryFailed


@pytest.mark.parametrize("rule", [1, {}, {"errors": "x"}, {"errors": [], "after": -1}, {"errors": [], "other": 1}])
def test_what_is_no_rule_is_refused(rule: object):
    event = {"v": 1, "op": "run", "run": "r", "task": "t", "component_name": "noop", "retry_rules": [rule]}
    with pytest.raises(InvalidEvent):
        parse(event)
