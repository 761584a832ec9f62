"""What is too large is cut: every machine fits, and what they do together is what the plan says."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.workflows import graph, workflows

from core_compiler.asl.limits import DEFINITION_BYTES
from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink, Span
from core_compiler.emit.fitting import emit_fitting
from core_compiler.emit.linting import lint_all
from core_compiler.emit.parts import MACHINE, Weight, cut
from core_compiler.ir import Edge, Literal, Mapping, NoOp, Output, Shell, Task, Workflow
from core_compiler.passes import PASSES, run_passes
from core_compiler.plan import Await, Finish, Run, runs, structure, verify_plan
from core_compiler.plan.nodes import Node, Parallel, Series

LEAF = Weight(1_000, 5)
#: Room for about four tasks beside the states that start children.
ROOM = Weight(9_000, 120)


class Flat:
    """Each step weighs the same."""

    def step(self, step: object) -> Weight:
        return LEAF

    def fork(self, fork: object) -> Weight:
        return Weight(260, 4)

    def branch(self, branch: object) -> Weight:
        return Weight(140, 0)


def passed(workflow: Workflow) -> Workflow:
    found = run_passes(workflow, PASSES, Sink())
    assert found is not None
    return found


@given(workflows(40), st.sampled_from(("auto", "nested", "layers", "serial")))
@settings(max_examples=60)
def test_cut_plans_are_sound_and_fit(workflow: Workflow, name: str):
    ready = passed(workflow)
    plan = structure(ready, name)
    found = cut(plan, Flat(), ROOM)
    verify_plan(found.plan, ready)
    assert sorted(runs(found.plan)) == sorted(runs(plan))
    nodes = {id(node): node for node in every(found.plan)}
    assert all(key in nodes for key in found.parts)
    for key in found.parts:
        inside = own(nodes[key], found.parts)
        assert not any(isinstance(step, Finish) for step in inside)
        weight = sum(LEAF.bytes for step in inside if isinstance(step, Run | Await))
        assert weight <= ROOM.bytes - MACHINE.bytes
        waiting = {step.task for step in inside if isinstance(step, Await)}
        assert waiting <= {step.task for step in inside if isinstance(step, Run)}


def every(plan: Node) -> list[Node]:
    found: list[Node] = [plan]
    for node in found:
        if isinstance(node, Series):
            found.extend(node.steps)
        elif isinstance(node, Parallel):
            found.extend(node.branches)
    return found


def own(plan: Node, parts: dict[int, str]) -> list[Node]:
    """The steps of a machine, without those of the machines that it starts."""
    found: list[Node] = [plan]
    for node in found:
        inner = node.steps if isinstance(node, Series) else node.branches if isinstance(node, Parallel) else ()
        found.extend(part for part in inner if id(part) not in parts)
    return found


@given(workflows(30))
@settings(max_examples=25)
def test_every_definition_fits_and_passes_the_lint(workflow: Workflow):
    ready = passed(workflow)
    room = Weight(14_000, 25_000)
    found = emit_fitting(structure(ready), ready, room)
    assert all(len(text) <= room.bytes for text in found.definitions.values())
    sink = Sink()
    lint_all(found.definitions, sink)
    assert not sink.diagnostics
    assert found.prediction.machines == len(found.definitions)
    tasks = [name for text in found.definitions.values() for name in names(json.loads(text))]
    assert sorted(tasks) == sorted(task.id for task in ready.tasks)
    assert found.prediction.transitions >= len(tasks)


def names(body: Any) -> list[str]:
    """The tasks that a definition runs."""
    found: list[str] = []
    for state in body["States"].values():
        payload = state.get("Arguments", {}).get("Payload", {})
        if payload.get("op") == "run":
            found.append(payload["task"])
        for branch in state.get("Branches", ()):
            found += names(branch)
    return found


def deployed(text: bytes) -> bytes:
    """A definition with ARNs of the longest names."""
    head = b"arn:aws-us-gov:%s:us-gov-west-1:123456789012:%s:"
    text = text.replace(b"${HandlerArn}", head % (b"lambda", b"function") + b"f" * 64 + b":12345")
    return re.sub(rb"\$\{Part\d+Arn\}", head % (b"states", b"stateMachine") + b"m" * 80 + b":12345", text)


@pytest.mark.parametrize("name", ["t{}", "é" * 30 + "😀 {}"])
def test_a_long_chain_fills_its_machines(name: str):
    tasks = tuple(Task(id=name.format(at), component=NoOp()) for at in range(3_000))
    ready = passed(
        Workflow(name="w", tasks=tasks, edges=tuple(Edge(one.id, other.id) for one, other in itertools.pairwise(tasks)))
    )
    found = emit_fitting(structure(ready), ready)
    # Found by this: the handler's ARN stood in each state, and only what stands for it was counted; a request holds the
    # definition as a JSON string, and some 2 KB beside it.
    requests = [len(json.dumps(deployed(text).decode())) for text in found.definitions.values()]
    assert max(requests) <= DEFINITION_BYTES - 4_000
    assert len(requests) <= 1.2 * -(-sum(requests) // DEFINITION_BYTES)


@pytest.mark.parametrize(("rows", "wide"), [(1, 4), (12, 9), (60, 9)])
def test_a_run_whose_awaits_wait_for_a_month_fits_into_its_history(rows: int, wide: int):
    """Found by this: where 500 tasks waited, each registered anew every hour, and twelve hours filled the history."""
    arrows = [
        f"t{row}x{at} t{row + 1}x{to}" for row in range(rows) for at in range(wide) for to in {at, (at + 1) % wide}
    ]
    ready = passed(graph(*arrows))
    found = emit_fitting(structure(ready, "rendezvous"), ready)
    for text in found.definitions.values():
        seconds = [state["TimeoutSeconds"] for state in waiting(json.loads(text))]
        rounds = 30 * 24 * 3600 / min(seconds)
        assert len(set(seconds)) == 1
        assert seconds[0] >= 3600
        assert (seconds[0] == 3600) == (rows == 1)
        assert found.prediction.events + len(seconds) * 4 * rounds <= 25_000


def waiting(body: Any) -> list[Any]:
    """The states of a definition that wait with a token."""
    inner = [
        state for name in body["States"].values() for branch in name.get("Branches", ()) for state in waiting(branch)
    ]
    return inner + [state for state in body["States"].values() if str(state.get("Resource")).endswith("TaskToken")]


def test_a_step_that_no_cut_makes_small_enough_is_named():
    """Found by this: the error said which part was too large, and no task."""
    over = Mapping({"x": Literal([1, 2])}, group="g")
    large = [Task(id=f"m{at}", component=NoOp(), mapping=over, span=Span("dag.py", 7)) for at in range(2_000)]
    tasks = (*(Task(id=f"t{at}", component=Shell("true")) for at in range(1_000)), *large)
    edges = tuple(Edge(f"t{at}", f"t{at + 1}") for at in range(999)) + tuple(Edge("t999", task.id) for task in large)
    sink = Sink()
    assert compile_workflow(Workflow(name="w", tasks=tasks, edges=edges), sink, structure_name="nested") is None
    (found,) = [one for one in sink.diagnostics if one.code == "SW215"]
    assert found.subject.removeprefix("part-").partition(": ")[2] == "m0"
    assert (found.path, found.line) == ("dag.py", 7)


def test_a_machine_that_is_too_large_with_a_task_that_asks_for_others_is_told_of():
    """Found by reading: the event of a task that is asked for is an expression, and the search for a name fell over."""
    compiled = compile_workflow(Workflow(name="w", tasks=(Task(id="a", component=NoOp(), dynamic=True),)), Sink())
    assert compiled is not None
    definition = json.dumps({**json.loads(compiled.definition), "Comment": "x" * DEFINITION_BYTES}).encode()
    lint_all({"": definition}, sink := Sink())
    assert [(one.code, one.subject) for one in sink.diagnostics] == [("SW215", "a: new")]


@pytest.mark.parametrize("size", [None, 30])
def test_items_that_would_fill_the_history_run_in_their_own(size: int | None):
    """Found by this: 40 items of a mapped group of 130 tasks write 26,000 events, which nobody counted."""
    over = Literal([0] * size) if size else Output("source")
    source = Task(id="source", component=NoOp(), mapped_over=True)
    for count, wanted in ((130, {"DISTRIBUTED"}), (3, {"INLINE", "DISTRIBUTED"} if size is None else {"INLINE"})):
        mapped = [Task(id=f"m{at}", component=NoOp(), mapping=Mapping({"x": over}, group="g")) for at in range(count)]
        edges = tuple(Edge(one.id, other.id) for one, other in itertools.pairwise(mapped))
        workflow = Workflow(name="w", tasks=(source, *mapped), edges=(Edge("source", "m0"), *edges))
        compiled = compile_workflow(workflow, sink := Sink())
        assert compiled is not None, sink.diagnostics
        states = json.loads(compiled.definition)["States"].values()
        maps = [state["ItemProcessor"]["ProcessorConfig"]["Mode"] for state in states if state["Type"] == "Map"]
        assert set(maps) == wanted
        assert compiled.prediction.events < 25_000 / 2
