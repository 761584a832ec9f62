"""Machines with missing, misspelt or misplaced parts."""

from __future__ import annotations

from support.machines.parts import Broken, call, caught, choose, each, fork, machine, on, spread, step, when, without

STEP = {"x": step()}

SHAPE = (
    Broken("no_start", "no StartAt", "SW224", without(machine({"a": step()}), "StartAt")),
    Broken("no_states", "no States", "SW224", without(machine({"a": step()}), "States")),
    Broken("empty_states", "States is empty", "SW224", machine({"a": step()}) | {"States": {}}),
    Broken("unknown_type", "a Type that does not exist", "SW224", machine({"a": on({"Type": "Run"}, None)})),
    Broken("no_resource", "a Task without Resource", "SW224", machine({"a": without(call(), "Resource")})),
    Broken(
        "evaluated_resource",
        "a Resource cannot be an expression",
        "SW224",
        machine({"a": call(Resource="{% $states.input.arn %}")}),
    ),
    Broken("no_branches", "a Parallel without Branches", "SW224", machine({"a": without(fork([STEP]), "Branches")})),
    Broken("empty_branches", "a Parallel of no branch", "SW224", machine({"a": fork([])})),
    Broken(
        "branch_language",
        "a branch cannot set QueryLanguage",
        "SW224",
        machine({"a": fork([]) | {"Branches": [machine({"x": step()})]}}),
    ),
    Broken(
        "no_processor", "a Map without ItemProcessor", "SW224", machine({"a": without(each(STEP), "ItemProcessor")})
    ),
    Broken("no_choices", "a Choice of no rule", "SW224", machine({"a": choose([], "b"), "b": step()})),
    Broken(
        "choice_ends",
        "a Choice cannot end",
        "SW224",
        machine({"a": choose([when("{% $states.input.go %}", "b")], "b", End=True), "b": step()}),
    ),
    Broken(
        "plain_condition",
        "a Condition that is plain text",
        "SW224",
        machine({"a": choose([when("$x > 1", "b")], "b"), "b": step()}),
    ),
    Broken(
        "wait_for_nothing", "a Wait without Seconds and Timestamp", "SW224", machine({"a": on({"Type": "Wait"}, None)})
    ),
    Broken(
        "wait_for_both",
        "a Wait with Seconds and Timestamp",
        "SW224",
        machine({"a": on({"Type": "Wait", "Seconds": 1, "Timestamp": "2030-01-01T00:00:00Z"}, None)}),
    ),
    Broken("misspelt_field", "TimeoutSecond is no field", "SW224", machine({"a": call(TimeoutSecond=5)})),
    Broken("retry_on_pass", "a Pass has no Retry", "SW224", machine({"a": step(Retry=[{"ErrorEquals": ["E"]}])})),
    Broken(
        "errors_as_text",
        "ErrorEquals is a list",
        "SW224",
        machine({"a": call(Catch=[{"ErrorEquals": "E", "Next": "b"}]), "b": step()}),
    ),
    Broken(
        "catch_without_next",
        "a Catch without Next",
        "SW224",
        machine({"a": call(Catch=[without(caught("a"), "Next")])}),
    ),
    Broken("assign_list", "Assign is an object", "SW224", machine({"a": step(Assign=[1])})),
    Broken(
        "inline_reader",
        "an inline Map cannot read items from S3",
        "SW228",
        machine(
            {
                "a": without(each(STEP), "Items")
                | {"ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Arguments": {"Bucket": "b"}}}
            }
        ),
    ),
    Broken(
        "inline_tolerance",
        "an inline Map tolerates no failures",
        "SW228",
        machine({"a": each(STEP, ToleratedFailureCount=1)}),
    ),
    Broken(
        "no_execution_type",
        "a distributed Map says what its children are",
        "SW228",
        machine(
            {
                "a": spread(STEP)
                | {"ItemProcessor": {"StartAt": "x", "States": STEP, "ProcessorConfig": {"Mode": "DISTRIBUTED"}}}
            }
        ),
    ),
    Broken(
        "no_language",
        "QueryLanguage is left out, which means JSONPath",
        "SW221",
        without(machine({"a": step()}), "QueryLanguage"),
    ),
    Broken("state_language", "one state in JSONPath", "SW221", machine({"a": step(QueryLanguage="JSONPath")})),
    Broken("parameters", "Parameters is JSONPath's", "SW221", machine({"a": step(Parameters={"x": 1})})),
    Broken("result_path", "ResultPath is JSONPath's", "SW221", machine({"a": call(ResultPath="$.x")})),
    Broken("input_path", "InputPath is JSONPath's", "SW221", machine({"a": step(InputPath="$.x")})),
    Broken("result", "Result is JSONPath's", "SW221", machine({"a": step(Result={"x": 1})})),
    Broken(
        "choice_variable",
        "Variable is JSONPath's",
        "SW221",
        machine({"a": choose([{"Variable": "$.x", "BooleanEquals": True, "Next": "b"}], "b"), "b": step()}),
    ),
    Broken(
        "catch_result_path",
        "a Catch with ResultPath",
        "SW221",
        machine({"a": call("b", Catch=[caught("b", ResultPath="$.e")]), "b": step()}),
    ),
    Broken("dollar_key", "a key that ends in .$", "SW221", machine({"a": step(Output={"x.$": "$.x"})})),
)
