"""The plan verifier refuses a plan exactly if carrying it out shows that it is wrong, whatever was done to it."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from rendezvous.plan_oracle import is_wrong
from rendezvous.wrong_plans import ALWAYS_WRONG, CHANGES, Change, is_well_formed

from core_compiler.diagnostics import Sink
from core_compiler.ir import Edge, Gate, GateKind, Literal, Mapping, NoOp, Task, TriggerRule, Workflow
from core_compiler.passes import PASSES, run_passes
from core_compiler.plan import (
    STRUCTURES,
    Await,
    BrokenPlan,
    Each,
    Finish,
    Node,
    Parallel,
    Run,
    Series,
    structure,
    verify_plan,
)

PLANS = 250
FRESH = random.SystemRandom().randrange(1 << 30)


def workflow_of(source: random.Random) -> Workflow:
    """A random workflow, as the passes leave it: many edges, some early rules and gates."""
    count = source.randint(3, 9)
    density, mapped = source.choice((0.2, 0.4, 0.6)), source.choice((0.0, 0.3))
    edges = [(f"t{up}", f"t{down}") for down in range(count) for up in range(down) if source.random() < density]
    rules = [TriggerRule.ALL_SUCCESS, TriggerRule.ALL_DONE, TriggerRule.ONE_SUCCESS, TriggerRule.ALWAYS]
    tasks = tuple(
        Task(
            id=f"t{number}",
            component=NoOp(),
            rule=source.choices(rules, (6, 2, 3, 1))[0],
            gates=(Gate(f"t{source.randrange(number)}", GateKind.REQUIRES),)
            if number and source.random() < 0.15
            else (),
            mapping=Mapping({"x": Literal([1, 2])}) if number and source.random() < mapped else None,
        )
        for number in range(count)
    )
    workflow = Workflow(name="w", tasks=tasks, edges=tuple(Edge(*pair) for pair in edges))
    passed = run_passes(workflow, PASSES, Sink())
    assert passed is not None
    return passed


def refused(plan: Node, workflow: Workflow) -> str:
    """What the verifier says."""
    try:
        verify_plan(plan, workflow)
    except BrokenPlan as broken:
        return str(broken)
    return ""


@pytest.mark.parametrize("first", [0, FRESH], ids=["fixed", "fresh"])
def test_every_structure_is_right_by_the_oracle_too(first: int):
    for seed in range(first, first + PLANS // 5):
        workflow = workflow_of(random.Random(seed))
        for name in STRUCTURES:
            assert not is_wrong(structure(workflow, name), workflow), (seed, name)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_plan_is_refused_exactly_if_it_is_wrong(change: Change):
    told: Counter[bool] = Counter()
    for seed in (*range(PLANS), *range(FRESH, FRESH + PLANS)):
        source = random.Random(seed)
        workflow = workflow_of(source)
        sound = structure(workflow, source.choice(("rendezvous", "rendezvous", "layers")))
        plan = change(source, sound)
        said = refused(plan, workflow)
        assert said or plan == sound or change not in ALWAYS_WRONG, (seed, plan, workflow)
        if not is_well_formed(plan, workflow):
            told[bool(said)] += 1
            continue
        assert bool(said) == is_wrong(plan, workflow), (seed, said, plan, workflow)
        told[bool(said)] += 1
    assert told[True] > 10, "the change makes hardly anything wrong"


def test_a_circle_is_named():
    ends = (Edge("a1", "a2"), Edge("b1", "b2"), Edge("a1", "b2"), Edge("b1", "a2"))
    workflow = Workflow(
        name="k22", tasks=tuple(Task(id=name, component=NoOp()) for name in ("a1", "a2", "b1", "b2")), edges=ends
    )
    hoisted = Series(
        (
            Parallel(
                (
                    Series((Await("a2", ("b1",)), Run("a1"), Run("a2"))),
                    Series((Await("b2", ("a1",)), Run("b1"), Run("b2"))),
                )
            ),
            Finish(("a2", "b2")),
        )
    )
    assert "waits in a circle" in refused(hoisted, workflow)
    assert is_wrong(hoisted, workflow)


def test_nothing_waits_for_each_item_by_itself():
    over = Mapping(over={"x": Literal([1, 2])}, limit=1)
    tasks = (Task(id="a", component=NoOp()), Task(id="m", component=NoOp(), mapping=over))
    workflow = Workflow(name="w", tasks=tasks, edges=(Edge("a", "m"),))

    def plan(inner: Node, *before: Node) -> Node:
        mapped = Series((*before, Each("m", ("m",), inner, None, 1)))
        return Series((Parallel((Run("a"), mapped)), Finish(("m",))))

    assert refused(plan(Run("m"), Await("m", ("a",))), workflow) == ""
    said = refused(plan(Series((Await("m", ("a",)), Run("m")))), workflow)
    assert "waits before 'm' inside 'm', for each item by itself" in said
    nested = Each("m", ("m",), Run("m"))
    assert "has 'm' inside 'm'" in refused(plan(nested, Await("m", ("a",))), workflow)
