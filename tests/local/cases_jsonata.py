"""Machines in JSONata, and how AWS ends them."""

from __future__ import annotations

from local.machines import Case, call, catch, machine, states, step

ODD = 'quo"te\\n\nä'
STATUSES = {"a": "success", "b": "failed", "c": "skipped"}


def parallel(*branches: dict[str, object], **fields: object) -> dict[str, object]:
    """A Parallel state, the last one unless `Next` is given."""
    return {"Type": "Parallel", "Branches": list(branches), **({} if "Next" in fields else {"End": True}), **fields}


CASES = (
    Case(
        "Assign and Output of a task",
        machine(
            "A",
            A=call(
                {"op": "inc", "x": "{% $states.input.x %}"},
                Assign={"a": "{% $states.result.Payload.x %}"},
                Output="{% $states.result.Payload %}",
                Next="B",
            ),
            B=call(
                {"op": "inc", "x": "{% $a + 10 %}"},
                Output={"final": "{% $states.result.Payload.x %}", "was": "{% $states.input.x %}"},
            ),
        ),
        {"x": 1},
        {"final": 13, "was": 2},
    ),
    Case(
        "Output sees the variables from before Assign",
        machine(
            "A",
            A=step(Assign={"v": 1}, Next="B"),
            B=call({}, Assign={"v": 2}, Output="{% $v %}", Next="C"),
            C=step(Assign={"v": 3}, Output="{% $states.input + 100 * $v %}"),
        ),
        output=201,
    ),
    Case(
        "a trigger rule as a Choice, with $ in a predicate",
        machine(
            "P",
            P=step(Assign={"st": STATUSES}, Next="C"),
            C={
                "Type": "Choice",
                "Choices": [
                    {
                        "Condition": "{% $count([$st.a, $st.b, $st.c][$ in ['failed', 'upstream_failed']]) = 0 %}",
                        "Next": "Y",
                    }
                ],
                "Default": "N",
            },
            Y=step(Output="run"),
            N=step(Output="upstream_failed"),
        ),
        output="upstream_failed",
    ),
    Case(
        "inline Map of 100",
        machine(
            "M",
            M={
                "Type": "Map",
                "Items": "{% [1..100] %}",
                "MaxConcurrency": 10,
                "ItemSelector": {"v": "{% $states.context.Map.Item.Value %}"},
                "ItemProcessor": states(
                    "T", T=call({"op": "inc", "x": "{% $states.input.v %}"}, Output="{% $states.result.Payload.x %}")
                ),
                "Output": "{% $sum($states.result) %}",
                "End": True,
            },
        ),
        output=5150,
    ),
    Case(
        "a branch that catches, beside one that succeeds",
        machine(
            "P",
            P=parallel(
                states(
                    "A",
                    A=call(
                        {"op": "boom"},
                        Catch=catch("States.ALL", to="X", Output={"status": "{% $states.errorOutput.Error %}"}),
                        Output={"status": "success"},
                        Next="X",
                    ),
                    X=step(),
                ),
                states("B", B=call({"op": "inc", "x": 1}, Output={"status": "success"})),
                Assign={"s": "{% $states.result.status %}"},
                Next="Z",
            ),
            Z={"Type": "Succeed", "Output": "{% $s %}"},
        ),
        output=["Boom", "success"],
    ),
    Case(
        "branches and items read the variables around them",
        machine(
            "A",
            A=step(Assign={"run": "r/1"}, Next="P"),
            P=parallel(
                states("L", L=step(Output="{% $run & '/l' %}")),
                states(
                    "M",
                    M={
                        "Type": "Map",
                        "Items": [1],
                        "ItemProcessor": states("I", I=step(Output="{% $run & '/i' %}")),
                        "End": True,
                    },
                ),
            ),
        ),
        output=["r/1/l", ["r/1/i"]],
    ),
    Case(
        "a variable of a branch stays in it",
        machine(
            "P",
            P=parallel(states("A", A=step(Assign={"inner": 1})), Next="B"),
            B=step(Output="{% $exists($inner) %}"),
        ),
        output=False,
    ),
    Case(
        "the service's own functions",
        machine(
            "A",
            A=step(
                Output={
                    "uuid": "{% $length($uuid()) %}",
                    "parts": "{% $partition([1, 2, 3, 4, 5], 2) %}",
                    "range": "{% $range(0, 10, 5) %}",
                    "hash": "{% $hash('x', 'SHA-256') %}",
                    "parsed": "{% $parse('{\"q\": 1}').q %}",
                    "merged": "{% $merge([$states.input, {'z': 1}]) %}",
                    "random": "{% $random(7) = $random(7) %}",
                },
            ),
        ),
        {"x": ODD},
        {
            "uuid": 36,
            "parts": [[1, 2], [3, 4], [5]],
            "range": [0, 5, 10],
            "hash": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
            "parsed": 1,
            "merged": {"x": ODD, "z": 1},
            "random": True,
        },
    ),
    Case(
        "a variable keeps every character",
        machine("A", A=step(Assign={"v": "{% $states.input %}"}, Next="B"), B=step(Output="{% $v & '!' %}")),
        ODD,
        ODD + "!",
    ),
    Case(
        "null is a value, not nothing",
        machine(
            "A",
            A=step(Assign={"v": "{% $states.input.n %}"}, Next="B"),
            B=step(Output=["{% $v = null %}", "{% $type($v) %}", "{% $exists($v) %}", "{% $v %}"]),
        ),
        {"n": None},
        [True, "null", True, None],
    ),
    Case("a null output", machine("A", A=step(Output=None)), {"x": 1}, None),
    Case(
        "$filter with a function",
        machine(
            "A",
            A=step(Assign={"st": list(STATUSES.values())}, Next="B"),
            B=step(Output="{% $count($filter($st, function($v) { $v = 'failed' })) %}"),
        ),
        output=1,
    ),
    Case(
        "a retrier that allows one more",
        machine(
            "A",
            A=call(
                {"op": "flaky", "key": "{% $states.context.Execution.Name %}", "fails": 1},
                Retry=[{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 2}],
                Output="{% $states.result.Payload.calls %}",
            ),
        ),
        output=2,
    ),
    Case(
        "Fail with computed Error and Cause",
        machine("F", F={"Type": "Fail", "Error": "{% 'E' & '1' %}", "Cause": "{% $string($states.input.x) %}"}),
        {"x": 1},
        error="E1",
    ),
    Case(
        "a query that yields nothing", machine("A", A=step(Output="{% $nope %}")), error="States.QueryEvaluationError"
    ),
    Case("$eval is not there", machine("A", A=step(Output="{% $eval('1') %}")), error="States.QueryEvaluationError"),
    Case(
        "a query that fails is caught",
        machine(
            "A",
            A=call("{% $states.input.nope %}", Catch=catch("States.QueryEvaluationError", to="H")),
            H=step(Output="caught"),
        ),
        {},
        "caught",
    ),
    Case(
        "a Choice that nothing matches",
        machine(
            "C",
            C={"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "S"}]},
            S={"Type": "Succeed"},
        ),
        error="States.NoChoiceMatched",
    ),
    Case(
        "a function that does not exist",
        machine(
            "A",
            A={
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": {"FunctionName": "absent", "Payload": {}},
                "End": True,
            },
        ),
        error="Lambda.ResourceNotFoundException",
    ),
)
