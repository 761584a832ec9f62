"""Good machines: control flow in all its forms."""

from __future__ import annotations

from support.machines.parts import Json, call, caught, choose, each, fork, machine, on, spread, step, when

NEXT_YEAR = "2027-01-01T00:00:00Z"

FLOW: dict[str, Json] = {
    "one_pass": machine({"a": step()}),
    "row_of_tasks": machine({"a": call("b"), "b": call("c"), "c": call()}),
    "commented": machine({"a": step(Comment="does nothing")}, Comment="a machine", Version="1.0", TimeoutSeconds=3600),
    "succeed": machine({"a": step("b"), "b": {"Type": "Succeed", "Output": "{% $states.input %}"}}),
    "fail": machine({"a": {"Type": "Fail", "Error": "RunFailed", "Cause": "nothing worked"}}),
    "fail_with_expressions": machine(
        {"a": {"Type": "Fail", "Error": "{% $states.input.Error %}", "Cause": "{% 'x' & $states.input.Cause %}"}}
    ),
    "fork": machine({"a": fork([{"x": call()}, {"y": call()}], "b"), "b": call()}),
    "nested_forks": machine(
        {"a": fork([{"x": fork([{"x1": call()}, {"x2": call("x3"), "x3": call()}], "y"), "y": call()}, {"z": step()}])}
    ),
    "fork_of_one": machine({"a": fork([{"x": call()}], Output="{% $states.result[0] %}")}),
    "choice": machine({"a": choose([when("{% $states.input.x > 1 %}", "b")], "c"), "b": call(), "c": call()}),
    "choice_many": machine(
        {
            "a": choose(
                [
                    when("{% $states.input.kind = 'x' %}", "b"),
                    when("{% $exists($states.input.y) %}", "c"),
                    when("{% true %}", "d"),
                ],
                "d",
            ),
            "b": call("d"),
            "c": call("d"),
            "d": step(),
        }
    ),
    "loop": machine(
        {
            "start": step("poll", Assign={"turn": 0}),
            "poll": call("more", Assign={"turn": "{% $turn + 1 %}"}),
            "more": choose([when("{% $turn < 5 %}", "pause")], "done"),
            "pause": on({"Type": "Wait", "Seconds": 10}, "poll"),
            "done": {"Type": "Succeed"},
        }
    ),
    "wait_seconds": machine({"a": on({"Type": "Wait", "Seconds": 0}, None)}),
    "wait_computed": machine({"a": on({"Type": "Wait", "Seconds": "{% $states.input.delay %}"}, None)}),
    "wait_until": machine({"a": on({"Type": "Wait", "Timestamp": NEXT_YEAR}, None)}),
    "wait_until_computed": machine(
        {"a": on({"Type": "Wait", "Timestamp": "{% $states.input.until %}"}, "b"), "b": step()}
    ),
    "map": machine({"a": each({"x": call()}, MaxConcurrency=40)}),
    "map_literal": machine(
        {"a": each({"x": call()}, Items=["p", "q"], ItemSelector={"i": "{% $states.context.Map.Item.Index %}"})}
    ),
    "map_in_map": machine({"a": each({"x": each({"y": call()}, Items=[1, 2])})}),
    "fork_in_map": machine({"a": each({"x": fork([{"y": call()}, {"z": call()}])})}),
    "map_in_fork": machine({"a": fork([{"x": each({"y": call()})}, {"z": spread({"w": call()})}])}),
    "distributed": machine(
        {"a": spread({"x": call()}, MaxConcurrency=1000, ToleratedFailurePercentage=5, Label="items")}
    ),
    "distributed_reader": machine(
        {
            "a": {key: value for key, value in spread({"x": call()}).items() if key != "Items"}
            | {
                "ItemReader": {
                    "Resource": "arn:aws:states:::s3:getObject",
                    "ReaderConfig": {"InputType": "JSON"},
                    "Arguments": {"Bucket": "b", "Key": "{% $states.input.key %}"},
                },
                "ItemBatcher": {"MaxItemsPerBatch": 10, "BatchInput": {"run": "{% $states.input.run %}"}},
            }
        }
    ),
    "catch_to_end": machine(
        {"a": call("b", Catch=[caught("c", "E", "F"), caught("b")]), "b": call(), "c": {"Type": "Fail"}}
    ),
}
