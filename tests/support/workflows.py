"""Random workflows for property tests."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from core_compiler import compiler
from core_compiler.emit import fitting
from core_compiler.emit.parts import Weight
from core_compiler.ir import Edge, EdgeKind, Literal, NoOp, Output, PythonCallable, Retry, Task, TriggerRule, Workflow


@st.composite
def workflows(draw: st.DrawFn, most: int = 12, rules: bool = True) -> Workflow:
    """A sound workflow of 1 to `most` tasks: every edge goes from an earlier task to a later one."""
    count = draw(st.integers(1, most))
    pairs = [(left, right) for right in range(count) for left in range(right)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    rule = st.sampled_from(list(TriggerRule)) if rules else st.just(TriggerRule.ALL_SUCCESS)
    tasks = tuple(
        Task(
            id=f"t{index}",
            component=draw(st.sampled_from([NoOp(), PythonCallable("mod:fn")])),
            args=tuple(
                Output(f"t{left}") if draw(st.booleans()) else Literal(left) for left, right in chosen if right == index
            ),
            rule=draw(rule),
            retry=Retry(retries=draw(st.integers(0, 3)), delay=draw(st.sampled_from([0.0, 0.5, 300.0]))),
        )
        for index in range(count)
    )
    kinds = st.sampled_from(list(EdgeKind))
    edges = tuple(Edge(f"t{left}", f"t{right}", draw(kinds)) for left, right in chosen)
    return Workflow(name="w", tasks=tasks, edges=edges)


def chain(count: int) -> Workflow:
    """t0 -> t1 -> ... of tasks that do nothing."""
    tasks = tuple(Task(id=f"t{index}", component=NoOp()) for index in range(count))
    edges = tuple(Edge(f"t{index}", f"t{index + 1}") for index in range(count - 1))
    return Workflow(name="chain", tasks=tasks, edges=edges)


def graph(*arrows: str, **rules: TriggerRule) -> Workflow:
    """A workflow from arrows such as "a b" (a before b); keyword arguments set tasks' rules."""
    ends = [tuple(arrow.split()) for arrow in arrows]
    names = dict.fromkeys(name for pair in ends for name in pair)
    tasks = tuple(Task(id=name, component=NoOp(), rule=rules.get(name, TriggerRule.ALL_SUCCESS)) for name in names)
    return Workflow(name="g", tasks=tasks, edges=tuple(Edge(*pair) for pair in ends if len(pair) == 2))


def small(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """Have machines of more than `room` bytes cut."""

    def fit(plan: object, workflow: Workflow) -> fitting.Fitting:
        return fitting.emit_fitting(plan, workflow, Weight(room, 25_000))  # type: ignore[arg-type]

    monkeypatch.setattr(compiler, "emit_fitting", fit)
