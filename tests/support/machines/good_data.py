"""Good machines: expressions, variables, errors, tokens and services."""

from __future__ import annotations

from support.machines.parts import Json, call, caught, choose, each, fork, machine, spread, step, when

RUN = "{% $states.context.StateMachine.Name & '/' & $states.context.Execution.Name %}"
SERVICE_ERRORS = ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.TooManyRequestsException"]
PAYLOAD = "{% $states.context.Task.Token %}"


def shown(expression: str) -> Json:
    """A machine of one state that returns what an expression gives."""
    return machine({"a": step(Output=expression)})


DATA: dict[str, Json] = {
    "run_prefix": machine(
        {
            "start": step("a", Assign={"run": RUN}),
            "a": call("b", Arguments={"FunctionName": "f", "Payload": {"run": "{% $run %}"}}),
            "b": each({"x": call(Arguments={"FunctionName": "f", "Payload": {"run": "{% $run %}"}})}),
        }
    ),
    "read_in_branches": machine(
        {
            "s": step("a", Assign={"x": 1}),
            "a": fork([{"p": step(Assign={"y": "{% $x %}"})}, {"q": step(Assign={"y": 2})}]),
        }
    ),
    "set_on_both_paths": machine(
        {
            "a": choose([when("{% $states.input.go %}", "b", Assign={"x": 1})], "c", Assign={"x": 2}),
            "b": step("c"),
            "c": step(Output="{% $x %}"),
        }
    ),
    "set_by_catch": machine(
        {
            "a": call("b", Assign={"x": "{% $states.result.Payload %}"}, Catch=[caught("b", Assign={"x": None})]),
            "b": step(Output="{% $x %}"),
        }
    ),
    "guarded_variable": machine(
        {
            "a": choose([when("{% $states.input.go %}", "b")], "c"),
            "b": step("c", Assign={"x": 1}),
            "c": step(Output="{% $exists($x) ? $x : 0 %}"),
        }
    ),
    "child_gets_by_selector": machine(
        {
            "s": step("a", Assign={"x": 1}),
            "a": spread(
                {"p": step("q", Assign={"y": "{% $states.input.x %}"}), "q": step(Output="{% $y %}")},
                ItemSelector={"x": "{% $x %}", "item": "{% $states.context.Map.Item.Value %}"},
            ),
        }
    ),
    "filters": shown("{% $states.input.items[$ > 1 and $ < 9] %}"),
    "functions": shown(
        "{% $reduce($map($states.input.items, function($v, $i){ $v * $i }), function($a, $b){ $a + $b }) %}"
    ),
    "block": shown("{% ( $low := $min($states.input.n); $twice := function($v){ $v * 2 }; { 'n': $twice($low) } ) %}"),
    "grouping": shown("{% $states.input.rows{ kind: $sum(size) } %}"),
    "counting": shown("{% $count($filter($states.input, function($v){ $v = 'failed' })) = 0 %}"),
    "merging": shown("{% $merge($append([$states.input], $states.input.more)) %}"),
    "matching": shown("{% $contains($states.input.name, /^a\\/b[0-9]+$/i) %}"),
    "service_functions": shown("{% $partition($range(1, 9, 1), 3) ~> $append([$uuid(), $hash('x', 'SHA-256')]) %}"),
    "quoted_braces": shown("{% '{% not an expression' %}"),
    "literals": machine({"a": step(Output={"n": 1.5, "b": True, "z": None, "s": "100%", "l": [], "States": "x"})}),
    "retries": machine(
        {
            "a": call(
                TimeoutSeconds=900,
                Retry=[
                    {"ErrorEquals": SERVICE_ERRORS, "IntervalSeconds": 2, "MaxAttempts": 6, "BackoffRate": 2},
                    {"ErrorEquals": ["States.Timeout"], "MaxAttempts": 99_999_999, "MaxDelaySeconds": 60},
                    {"ErrorEquals": ["States.ALL"], "JitterStrategy": "FULL", "MaxAttempts": 0},
                ],
            )
        }
    ),
    "error_output": machine(
        {
            "a": call(
                "b",
                Catch=[
                    caught(
                        "b",
                        Output={"why": "{% $states.errorOutput.Cause %}"},
                        Assign={"e": "{% $states.errorOutput.Error %}"},
                    )
                ],
                Assign={"e": ""},
            ),
            "b": step(Output="{% $e %}"),
        }
    ),
    "fork_with_catch": machine(
        {
            "a": fork([{"x": call()}], "b", Retry=[{"ErrorEquals": ["States.TaskFailed"]}], Catch=[caught("b")]),
            "b": step(),
        }
    ),
    "task_token": machine(
        {
            "a": call(
                Resource="arn:aws:states:::lambda:invoke.waitForTaskToken",
                Arguments={"FunctionName": "f", "Payload": {"token": PAYLOAD}},
                HeartbeatSeconds=60,
                TimeoutSeconds="{% $states.input.patience %}",
            )
        }
    ),
    "other_machine": machine(
        {
            "a": call(
                Resource="arn:aws:states:::states:startExecution.sync:2",
                Arguments={"StateMachineArn": "${ChildArn}", "Input": {"x": "{% $states.input.x %}"}},
                Output="{% $states.result.Output %}",
            )
        }
    ),
    "sdk_call": machine(
        {
            "a": call(
                Resource="arn:aws:states:::aws-sdk:s3:listBuckets", Arguments={}, Output="{% $states.result.Buckets %}"
            )
        }
    ),
}
