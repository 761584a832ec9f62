"""Plans: every structure implies every edge, independent parts never wait, and wrong plans are caught."""

import importlib
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.workflows import chain, graph, workflows

from core_compiler.diagnostics import Sink
from core_compiler.ir import TriggerRule, Workflow
from core_compiler.passes import PASSES, run_passes
from core_compiler.plan import (
    STRUCTURES,
    Await,
    BrokenPlan,
    Finish,
    Parallel,
    Run,
    Series,
    Until,
    runs,
    structure,
    verify_plan,
)

rendezvous = importlib.import_module("core_compiler.plan.rendezvous")


@given(workflows(), st.sampled_from(sorted(STRUCTURES)))
def test_every_structure_is_sound(workflow: Workflow, name: str):
    plan = structure(workflow, name)
    assert sorted(runs(plan)) == sorted(task.id for task in workflow.tasks)


def test_independent_parts_are_branches_of_their_own():
    plan = structure(graph("a c", "b c", "x y"), "layers")
    assert plan == Series(
        (
            Parallel(
                (
                    Series((Parallel((Run("a"), Run("b"))), Run("c"))),
                    Series((Run("x"), Run("y"))),
                )
            ),
            Finish(("c", "y")),
        )
    )


def test_a_chain_has_no_parallel():
    assert structure(chain(3), "layers") == Series((Series((Run("t0"), Run("t1"), Run("t2"))), Finish(("t2",))))


@given(workflows())
def test_a_rendezvous_that_stops_looking_for_parts_is_sound_too(workflow: Workflow):
    with patch.object(rendezvous, "LOOKS", 0), patch.object(rendezvous, "DEEPEST", 2):
        plan = structure(workflow, "rendezvous")
    assert sorted(runs(plan)) == sorted(task.id for task in workflow.tasks)


def test_leaves_are_those_given():
    workflow = Workflow(name="w", tasks=graph("a b").tasks, edges=graph("a b").edges, leaves=("a",))
    assert structure(workflow, "serial").steps[-1] == Finish(("a",))


END = Finish(("b",))
WRONG = {
    "order": Series((Run("b"), Run("a"), END)),
    "side by side": Series((Parallel((Run("a"), Run("b"))), END)),
    "missing": Series((Run("a"), END)),
    "twice": Series((Run("a"), Run("b"), Run("b"), END)),
    "foreign": Series((Run("a"), Run("b"), Run("z"), END)),
    "no end": Series((Run("a"), Run("b"))),
    "early end": Series((Run("a"), END, Run("b"))),
    "end beside": Parallel((Series((Run("a"), Run("b"))), END)),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_plan_is_caught(name: str):
    with pytest.raises(BrokenPlan):
        verify_plan(WRONG[name], graph("a b"))


def early(rule: TriggerRule, *arrows: str) -> Workflow:
    """A workflow whose task b has `rule`, its upstream written out as the passes do."""
    passed = run_passes(graph(*arrows, b=rule), PASSES, Sink())
    assert passed is not None
    return passed


BESIDE = Series((Parallel((Run("a"), Run("b"))), END))


def test_an_edge_into_an_early_task_is_no_order_but_somebody_has_to_wake_it():
    verify_plan(BESIDE, early(TriggerRule.ALWAYS, "a b"))
    with pytest.raises(BrokenPlan, match="without waiting for its rule on 'a'"):
        verify_plan(BESIDE, early(TriggerRule.ONE_SUCCESS, "a b"))
    woken = Series((Parallel((Run("a"), Series((Await("b", ("a",), Until.DECIDED), Run("b"))))), END))
    verify_plan(woken, early(TriggerRule.ONE_SUCCESS, "a b"))


def test_auto_adds_no_order_against_the_upstream_of_an_early_task():
    # t2 awaits t1 until its rule is decided: an order with t2 before t1 would leave it waiting for ever.
    rules = {"t0": TriggerRule.ONE_SUCCESS, "t1": TriggerRule.ALL_DONE, "t2": TriggerRule.ONE_SUCCESS}
    rules |= {"t4": TriggerRule.ALL_DONE, "t5": TriggerRule.ONE_SUCCESS}
    arrows = ("t0 t1", "t0 t2", "t0 t3", "t0 t5", "t1 t2", "t2 t4", "t3 t4")
    passed = run_passes(graph("t0", "t1", "t2", "t3", "t4", "t5", *arrows, **rules), PASSES, Sink())
    assert passed is not None
    verify_plan(structure(passed, "auto"), passed)
