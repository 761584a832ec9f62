"""Emission: stable names, literals that stay literals, retries and time-outs as the design has them."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.workflows import chain, graph, workflows

from core_compiler.asl.expressions import literal
from core_compiler.compiler import Compiled, compile_workflow
from core_compiler.diagnostics import Sink
from core_compiler.emit.names import Names, machine_name
from core_compiler.ir import FailurePolicy, Literal, NoOp, PythonCallable, Retry, Task, Workflow


def compiled(workflow: Workflow) -> Compiled:
    sink = Sink()
    result = compile_workflow(workflow, sink)
    assert result is not None, sink.diagnostics
    return result


def states(workflow: Workflow) -> dict[str, dict]:
    """Every state of the compiled machine by name, from whatever depth."""
    found: dict[str, dict] = {}

    def walk(scope: dict) -> None:
        for name, state in scope["States"].items():
            assert name not in found
            found[name] = state
            for branch in state.get("Branches", ()):
                walk(branch)

    walk(msgspec.json.decode(compiled(workflow).definition))
    return found


def one(**more: object) -> Workflow:
    return Workflow(name="w", tasks=(Task(id="t", component=PythonCallable("m:f"), **more),))


@given(workflows())
def test_the_same_workflow_gives_the_same_bytes(workflow: Workflow):
    assert compiled(workflow).definition == compiled(workflow).definition


@given(workflows())
def test_transitions_are_predicted_by_counting_states_on_the_good_path(workflow: Workflow):
    walked = [name for name in states(workflow) if not name.startswith(("settle ", "run failed"))]
    assert compiled(workflow).prediction.transitions == len(walked)


@given(workflows())
def test_states_are_counted(workflow: Workflow):
    assert compiled(workflow).states == len(states(workflow))


def test_a_task_without_retries_has_only_the_platforms():
    state = states(one())["t"]
    assert [entry["MaxAttempts"] for entry in state["Retry"]] == [6]
    assert state["TimeoutSeconds"] == 960


def test_the_sources_retries_come_second_and_in_whole_seconds():
    state = states(one(retry=Retry(retries=2, delay=0.2, backoff=2.0, max_delay=600), timeout=1.5))["t"]
    assert state["Retry"][1] == {
        "ErrorEquals": ["TryFailed", "States.Timeout", "Sandbox.Timedout"],
        "IntervalSeconds": 1,
        "MaxAttempts": 2,
        "BackoffRate": 2.0,
        "MaxDelaySeconds": 600,
    }
    assert state["TimeoutSeconds"] == 62


def test_a_run_that_stops_on_failure_says_so_on_both_ways():
    workflow = msgspec.structs.replace(one(), failure_policy=FailurePolicy.STOP)
    found = states(workflow)
    assert found["t"]["Arguments"]["Payload"]["stop_on_failure"] is True
    assert found["settle t"]["Arguments"]["Payload"]["stop_on_failure"] is True


def test_tasks_named_like_our_own_states_are_kept_apart():
    found = states(graph("start finish", "finish run", "run fork", "run settle"))
    assert {"start (2)", "finish", "finish (2)", "fork", "settle"} <= found.keys()


def test_names_are_at_most_80_characters_and_differ():
    names = Names()
    long = ["x" * 100 + str(index) for index in range(3)] + ["x" * 80, "x" * 80]
    claimed = [names.claim(name) for name in long]
    assert len(set(claimed)) == 5
    assert max(map(len, claimed)) <= 80


@pytest.mark.parametrize(
    ("name", "expected"), [("plain-name_1", "plain-name_1"), ("with.dot", "with-dot-"), ("été", "t-"), ("日本", "")]
)
def test_machine_names_are_ascii(name: str, expected: str):
    made = machine_name(name)
    assert made.startswith(expected)
    assert 1 <= len(made) <= 80
    assert made.isascii()


@given(st.recursive(st.text(alphabet="{%} a$'\"\n\u2028é") | st.integers(), lambda inner: st.lists(inner)))
def test_literals_are_left_alone_or_become_expressions_of_themselves(value: object):
    def check(before: object, after: object) -> None:
        if isinstance(before, list):
            for left, right in zip(before, after, strict=True):
                check(left, right)
        elif before != after:
            assert "\u2028" not in after
            assert msgspec.json.decode(after.removeprefix("{% ").removesuffix(" %}")) == before
        elif isinstance(before, str):
            assert before
            assert not before.startswith("{%")
            assert not before.endswith("%}")
            assert len(before.splitlines()) <= 1

    check(value, literal(value))


def test_a_literal_argument_that_looks_like_an_expression_is_quoted():
    value = "{% $states.input %}"
    payload = states(one(args=(Literal(value),)))["t"]["Arguments"]["Payload"]
    assert payload["args"] == [{"value": '{% "{% $states.input %}" %}'}]


def test_a_chain_of_tasks_is_a_chain_of_states():
    found = states(chain(200))
    assert found["t0"]["Next"] == "t1"
    assert found["settle t0"]["Next"] == "t1"
    assert not any(state["Type"] == "Parallel" for state in found.values())


def test_a_noop_names_its_component():
    assert states(Workflow(name="w", tasks=(Task(id="n", component=NoOp()),)))["n"]["Arguments"]["Payload"] == {
        "v": 1,
        "op": "run",
        "run": "{% $run %}",
        "task": "n",
        "component_name": "noop",
    }
