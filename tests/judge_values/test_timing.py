"""What the judge of values may leave out: only what Airflow itself answers in two ways."""

from __future__ import annotations

import pytest
from judge_values.timing import decided_by_order

from core_compiler.ir import Edge, Mapping, NoOp, Output, Task, TriggerRule, Workflow
from transpilers.verify.outcome import Outcome, TaskOutcome
from transpilers.verify.report import Difference


def _left_out(rule: TriggerRule, states: dict[str, str], *, source: str, machine: str, mapped: bool) -> frozenset[str]:
    mapping = Mapping({"x": Output("u")}) if mapped else None
    tasks = (
        *(Task(id=name, component=NoOp()) for name in ("u", "v")),
        Task(id="t", component=NoOp(), rule=rule, mapping=mapping),
        Task(id="below", component=NoOp()),
    )
    workflow = Workflow(name="w", tasks=tasks, edges=(Edge("u", "t"), Edge("v", "t"), Edge("t", "below")))
    tasks_of = {name: TaskOutcome(state, 1) for name, state in states.items()}
    airflow = Outcome(state="failed", tasks=tasks_of, values={}, skips={})
    return decided_by_order(workflow, airflow, [Difference("w", "t", "state", source, machine)])


@pytest.mark.parametrize(
    ("rule", "states", "mapped", "open_"),
    [
        pytest.param(TriggerRule.ALL_SKIPPED, {"u": "failed", "v": "success"}, True, True, id="rule and items differ"),
        pytest.param(TriggerRule.ALL_SKIPPED, {"u": "failed", "v": "success"}, False, False, id="only a rule"),
        pytest.param(TriggerRule.ALL_SUCCESS, {"u": "failed", "v": "success"}, True, False, id="they agree"),
        pytest.param(TriggerRule.ALL_DONE, {"u": "failed", "v": "success"}, True, False, id="the rule runs it"),
        pytest.param(TriggerRule.ALL_SUCCESS, {"u": "failed", "v": "skipped"}, False, True, id="a skip and a failure"),
    ],
)
def test_what_is_left_out(rule: TriggerRule, states: dict[str, str], mapped: bool, open_: bool):
    found = _left_out(rule, states, source="upstream_failed", machine="skipped", mapped=mapped)
    assert found == ({"t", "below"} if open_ else set())


def test_another_difference_is_never_left_out():
    states = {"u": "failed", "v": "success"}
    assert not _left_out(TriggerRule.ALL_SKIPPED, states, source="upstream_failed", machine="success", mapped=True)
