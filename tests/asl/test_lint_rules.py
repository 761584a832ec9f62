"""Each rule at its edge: the least that breaks it, and the most that does not."""

from __future__ import annotations

import json

import pytest
from support.machines.parts import Json, call, caught, choose, each, fork, machine, on, spread, step, when, without

from core_compiler.asl.lint import RULES, lint
from core_compiler.diagnostics import Diagnostic, Severity, Sink

NAME = "{% $states.context.Execution.Name %}"
TOKEN = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
MEGABYTE = 1_048_576


def findings(definition: Json, size: int = 0) -> tuple[Diagnostic, ...]:
    sink = Sink()
    lint(definition, sink, size=size)
    return sink.diagnostics


def shown(expression: object) -> Json:
    return machine({"a": step(Output=expression)})


EXPRESSION = "{% '" + "x" * 262_144 + "' %}"


def retried(*entries: Json) -> Json:
    return machine({"a": call(Retry=list(entries))})


def sized(size: int) -> Json:
    """A definition of exactly so many bytes."""
    empty = len(json.dumps(machine({"a": step()}, Comment=""), separators=(",", ":")))
    return machine({"a": step()}, Comment="x" * (size - empty))


def costing(events: int, **more: object) -> Json:
    """A machine of so many events: 2 of the execution, 4 of a Map, 4 an iteration of one Pass, 2 a Wait."""
    items, rest = divmod(events - 2 - 4 - 2, 4)
    assert rest in (0, 2)
    wait = on({"Type": "Wait", "Seconds": 1}, "m")
    states = {"w0": wait | {"Next": "w"}, "w": wait} if rest else {"w": wait}
    return machine(states | {"m": each({"x": step()}, Items=list(range(items)), **more)})


def chosen(**more: object) -> Json:
    rule = when("{% $states.input.x %}", "b")
    return machine({"a": choose([rule], **more), "b": step()})


def through(first: Json, last: Json) -> Json:
    return machine({"a": first, "b": last})


PAIRS: dict[str, tuple[Json, Json]] = {
    "SW201": (through(step("b"), step(Output=NAME)), through(step("b", Assign={"n": NAME}), step(Output="{% $n %}"))),
    "SW202": (
        retried({"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}),
        retried({"ErrorEquals": ["E"]}, {"ErrorEquals": ["States.ALL"]}),
    ),
    "SW203": (shown("{% $[0] %}"), shown("{% $states.input[$ > 0] %}")),
    "SW204": (shown("{% $eval('1') %}"), shown("{% $parse('1') & '$eval(1)' %}")),
    "SW205": (
        through(call("b", Assign={"x": 1}, Catch=[caught("b")]), step(Output="{% $x %}")),
        through(call("b", Assign={"x": 1}, Catch=[caught("b", Assign={"x": 2})]), step(Output="{% $x %}")),
    ),
    "SW206": (
        through(fork([{"p": step(Assign={"x": 1})}], "b"), step(Output="{% $x %}")),
        through(fork([{"p": step("q", Assign={"x": 1}), "q": step(Output="{% $x %}")}], "b"), step()),
    ),
    "SW207": (machine({"a": step(Assign={"v" * 81: 1})}), machine({"a": step(Assign={"v" * 80: 1, "été_1": 2})})),
    "SW208": (
        through(step("b", Assign={"x": 1}), fork([{"p": step(Assign={"x": 2})}])),
        through(fork([{"p": step(Assign={"x": 2})}], "b"), step(Assign={"x": 1})),
    ),
    "SW209": (
        machine({"a": fork([{"p": step()}, {"p": step()}])}),
        machine({"a": fork([{"p": step()}, {"P": step()}])}),
    ),
    "SW210": (machine({"n" * 81: step()}), machine({"n" * 80: step()})),
    "SW211": (machine({"a": step("c"), "c ": step()}), machine({"a": step("c"), "c": step()})),
    "SW212": (machine({"a": step(), "b": step("a")}), machine({"b": step("a"), "a": step()})),
    "SW213": (machine({"a": step("a")}), machine({"a": call("a", Catch=[caught("b")]), "b": {"Type": "Fail"}})),
    "SW214": (chosen(), chosen(Default="b")),
    "SW215": (sized(MEGABYTE + 1), sized(838_860)),
    "SW216": (sized(838_861), sized(838_860)),
    "SW217": (costing(25_002), costing(20_000)),
    "SW218": (costing(20_002), costing(20_000)),
    "SW219": (
        machine({"a": call(TimeoutSeconds=100_000_000)}),
        machine({"a": call(TimeoutSeconds=99_999_999, HeartbeatSeconds=99_999_998)}),
    ),
    "SW220": (
        retried({"ErrorEquals": ["E"], "BackoffRate": 0.99}),
        retried({"ErrorEquals": ["E"], "BackoffRate": 1, "MaxAttempts": 99_999_999, "IntervalSeconds": 1}),
    ),
    "SW221": (shown({"x.$": 1}), shown({"$.x": "$.x", "ResultPath": 1})),
    "SW222": (shown("{% $states.input"), shown("{% '{%' %}")),
    "SW223": (
        retried({"ErrorEquals": ["States.Runtime"]}),
        retried({"ErrorEquals": ["Sandbox.Timedout", "States.Timeout"]}),
    ),
    "SW224": (machine({"a": without(step(), "End")}), machine({"a": step()})),
    "SW225": (
        machine({"a": call(Resource=TOKEN)}),
        machine({"a": call(Resource=TOKEN, Arguments={"MessageBody": ["{% $states.context.Task.Token %}"]})}),
    ),
    "SW226": (
        machine({"a": call(Arguments="{% $states.result %}")}),
        machine({"a": call(Assign={"r": "{% $states.result %}"})}),
    ),
    "SW227": (retried({"ErrorEquals": ["States.All"]}), retried({"ErrorEquals": ["MyStates.All"]})),
    "SW228": (
        machine({"a": each({"x": step()}, ItemBatcher={"MaxItemsPerBatch": 2})}),
        machine({"a": spread({"x": step()}, ItemBatcher={"MaxItemsPerBatch": 2})}),
    ),
    "SW229": (
        through(step("b", Assign={"x": 1}), spread({"p": step(Output="{% $x %}")})),
        through(step("b", Assign={"x": 1}), spread({"p": step()}, ItemSelector="{% $x %}")),
    ),
    "SW230": (shown(["x" * 262_000, "y" * 138]), through(step("b", Output="x" * 262_142), step(Output=EXPRESSION))),
}


def test_every_rule_has_its_pair():
    assert PAIRS.keys() == {rule.code for rule in RULES}


@pytest.mark.parametrize("code", PAIRS)
def test_it_breaks(code: str):
    assert code in {diagnostic.code for diagnostic in findings(PAIRS[code][0])}


@pytest.mark.parametrize("code", PAIRS)
def test_it_holds(code: str):
    assert findings(PAIRS[code][1]) == ()


def test_the_size_as_deployed_counts():
    assert findings(shown("x")) == ()
    assert [found.code for found in findings(shown("x"), size=MEGABYTE + 1)] == ["SW215"]


def test_events_are_those_of_the_longest_path():
    assert findings(costing(25_000))[0].severity is Severity.WARNING
    (found,) = findings(costing(25_002))
    assert found.message == "an execution in which nothing fails writes 25,002 events; there is room for 25,000"


def test_events_with_one_retry_each_are_told():
    item = {"x": call(Retry=[{"ErrorEquals": ["E"]}])}
    (found,) = findings(machine({"a": each(item, Items=list(range(2_600)))}))
    # 2 + 4 + 2,600 iterations of 2 + 5; a retry adds 3 to each.
    assert found.message.startswith("an execution writes 18,206 events, 26,006 if each task is retried once")


def test_children_of_a_distributed_map_have_their_own_history():
    assert findings(machine({"a": spread({"x": call()}, Items=list(range(30_000)))})) == ()


def test_a_loop_is_followed_once():
    states = {"a": call("b"), "b": choose([when("{% $states.input.x %}", "a")], "c"), "c": step()}
    assert findings(machine(states)) == ()


def test_the_subject_is_the_way_to_the_state():
    inner = fork([{"p": step()}, {"q": each({"r": step(Output="{% $x %}")})}])
    (found,) = findings(machine({"a": inner}))
    assert (found.subject, found.code) == ("a[1]/q/r", "SW205")
    assert found.message == "Output reads $x, which is not set before this state"


def test_what_a_set_in_a_child_execution_means_elsewhere():
    states = {"a": spread({"p": step(Assign={"x": 1})}, "b"), "b": step(Output="{% $x %}")}
    assert [found.code for found in findings(machine(states))] == ["SW206"]
