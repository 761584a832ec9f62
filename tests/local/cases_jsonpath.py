"""Machines in JSONPath, and how AWS ends them."""

from __future__ import annotations

from local.machines import Case, call_path, catch, states, step

ITEMS = list(range(10))


def each(mode: str, processor: dict[str, object], **fields: object) -> dict[str, object]:
    """A machine of one Map over `$.items`."""
    config = {"Mode": mode} if mode == "INLINE" else {"Mode": mode, "ExecutionType": "STANDARD"}
    return states(
        "Each",
        Each={
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemProcessor": {"ProcessorConfig": config, **processor},
            "End": True,
            **fields,
        },
    )


INC_ITEM = states("Inc", Inc=call_path({"op": "inc", "x.$": "$"}, OutputPath="$.Payload.x"))
INC_VALUE = states("Inc", Inc=call_path({"op": "inc", "x.$": "$.v"}, OutputPath="$.Payload.x"))
BOOM = states("Boom", Boom=call_path({"op": "boom"}))

INTRINSICS = {
    "format.$": "States.Format('s3://{}/{}', $.b, $.n)",
    "array.$": "States.Array(1, $.n, 3)",
    "merged.$": "States.JsonMerge($.o, $.o2, false)",
    "range.$": "States.ArrayRange(1, 9, 2)",
    "item.$": "States.ArrayGetItem($.l, 1)",
    "contains.$": "States.ArrayContains($.l, 3)",
    "parts.$": "States.ArrayPartition($.l, 2)",
    "sum.$": "States.MathAdd($.n, 1)",
    "split.$": "States.StringSplit('a,b', ',')",
    "length.$": "States.ArrayLength($.l)",
    "parsed.$": "States.StringToJson('{\"q\":1}')",
    "text.$": "States.JsonToString($.o)",
}

CASES = (
    Case(
        "chain with ResultSelector and ResultPath",
        states(
            "A",
            A=call_path(
                {"op": "inc", "x.$": "$.x"},
                ResultSelector={"x.$": "$.Payload.x", "code.$": "$.StatusCode"},
                ResultPath="$.a",
                Next="B",
            ),
            B=call_path({"op": "inc", "x.$": "$.a.x"}, ResultSelector={"x.$": "$.Payload.x"}, ResultPath="$.b"),
        ),
        {"x": 1},
        {"x": 1, "a": {"x": 2, "code": 200}, "b": {"x": 3}},
    ),
    Case(
        "nested Parallel",
        states(
            "P",
            P={
                "Type": "Parallel",
                "End": True,
                "ResultPath": "$.p",
                "Branches": [
                    states("L", L=call_path({"op": "inc", "x.$": "$.x"}, OutputPath="$.Payload")),
                    states(
                        "Q",
                        Q={
                            "Type": "Parallel",
                            "End": True,
                            "Branches": [
                                states("M", M=call_path({"op": "inc", "x": 10}, OutputPath="$.Payload")),
                                states("N", N=step(Result=7)),
                            ],
                        },
                    ),
                ],
            },
        ),
        {"x": 1},
        {"x": 1, "p": [{"x": 2}, [{"x": 11}, 7]]},
    ),
    Case(
        "inline Map of 100",
        each(
            "INLINE",
            INC_VALUE,
            MaxConcurrency=10,
            ItemSelector={"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value"},
        ),
        {"items": list(range(100))},
        list(range(1, 101)),
    ),
    Case(
        "Distributed Map",
        each("DISTRIBUTED", INC_ITEM, MaxConcurrency=5),
        {"items": ITEMS},
        [item + 1 for item in ITEMS],
    ),
    Case(
        "Distributed Map that tolerates its failures",
        each("DISTRIBUTED", BOOM, ToleratedFailurePercentage=100.0, ResultPath=None),
        {"items": [1]},
        {"items": [1]},
    ),
    Case(
        "Choice with And, Not and IsPresent",
        states(
            "C",
            C={
                "Type": "Choice",
                "Choices": [
                    {
                        "And": [
                            {"Variable": "$.st", "StringEquals": "success"},
                            {"Variable": "$.n", "NumericGreaterThan": 3},
                            {"Not": {"Variable": "$.zzz", "IsPresent": True}},
                        ],
                        "Next": "Y",
                    }
                ],
                "Default": "N",
            },
            Y=step(Result="yes"),
            N={"Type": "Fail", "Error": "E", "Cause": "c"},
        ),
        {"st": "success", "n": 5},
        "yes",
    ),
    Case("Fail", states("F", F={"Type": "Fail", "Error": "Mine", "Cause": "because"}), error="Mine"),
    Case("an error that nobody catches", states("A", A=call_path({"op": "boom"})), error="Boom"),
    Case(
        "Catch in Parallel",
        states(
            "P",
            P={
                "Type": "Parallel",
                "Branches": [BOOM, states("W", W={"Type": "Wait", "Seconds": 1, "End": True})],
                "Catch": catch("Boom", to="H", ResultPath="$.error"),
                "End": True,
            },
            H=step(OutputPath="$.error.Error"),
        ),
        output="Boom",
    ),
    Case("Wait by path", states("W", W={"Type": "Wait", "SecondsPath": "$.s", "End": True}), {"s": 1}, {"s": 1}),
    Case(
        "intrinsic functions",
        states("I", I=step(Parameters=INTRINSICS)),
        {"b": "bk", "n": 2, "o": {"x": 1}, "o2": {"y": 2}, "l": [1, 2, 3, 3]},
        {
            "format": "s3://bk/2",
            "array": [1, 2, 3],
            "merged": {"x": 1, "y": 2},
            "range": [1, 3, 5, 7, 9],
            "item": 2,
            "contains": True,
            "parts": [[1, 2], [3, 3]],
            "sum": 3,
            "split": ["a", "b"],
            "length": 4,
            "parsed": {"q": 1},
            "text": '{"x":1}',
        },
    ),
    Case(
        "variables",
        states("A", A=step(Assign={"v.$": "$.x", "w": 5}, Next="B"), B=step(Parameters={"v.$": "$v", "w.$": "$w"})),
        {"x": 9},
        {"v": 9, "w": 5},
    ),
    Case(
        "a Lambda by its ARN",
        states(
            "A",
            A={
                "Type": "Task",
                "Resource": "arn:aws:lambda:us-east-1:123456789012:function:worker",
                "Parameters": {"op": "inc", "x.$": "$.x"},
                "End": True,
            },
        ),
        {"x": 1},
        {"x": 2},
    ),
    Case(
        "a state in the other language",
        states(
            "A",
            A=step(QueryLanguage="JSONata", Output={"y": "{% $states.input.x * 2 %}"}, Next="B"),
            B=step(Parameters={"z.$": "$.y"}),
        ),
        {"x": 2},
        {"z": 4},
    ),
    Case(
        "a time-out is caught",
        states(
            "A",
            A=call_path({"op": "sleep", "s": 2}, TimeoutSeconds=1, Catch=catch("States.Timeout", to="H")),
            H=step(Result="timed out"),
        ),
        output="timed out",
    ),
    Case(
        "retries with backoff",
        states(
            "A",
            A=call_path(
                {"op": "flaky", "key.$": "$$.Execution.Name", "fails": 2},
                Retry=[
                    {
                        "ErrorEquals": ["Flaky"],
                        "IntervalSeconds": 1,
                        "MaxAttempts": 4,
                        "BackoffRate": 1.0,
                        "MaxDelaySeconds": 2,
                        "JitterStrategy": "NONE",
                    }
                ],
                OutputPath="$.Payload",
            ),
        ),
        output={"calls": 3},
    ),
    Case(
        "Catch with ResultPath",
        states(
            "A",
            A=call_path({"op": "boom"}, Catch=catch("States.ALL", to="H", ResultPath="$.e")),
            H=step(OutputPath="$.e.Error"),
        ),
        {"k": 1},
        "Boom",
    ),
)
