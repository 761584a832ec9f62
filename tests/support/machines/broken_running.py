"""Machines that could not run: errors, time-outs, identity and quotas."""

from __future__ import annotations

from support.machines.parts import Broken, Json, call, caught, each, fork, machine, on, spread, step

NAME = "{% $states.context.Execution.Name %}"
WAITING = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"


def retried(*entries: Json) -> Json:
    """A machine of one task with a Retry."""
    return machine({"a": call(Retry=list(entries))})


def listed(items: int, prefix: str, following: str | None = None) -> Json:
    """A Map of so many items, known from the definition: bytes are few, events are not."""
    return each({f"{prefix} x": call()}, following, Items=list(range(items)))


ROW: Json = {f"m{index}": listed(40, f"m{index}", f"m{index + 1}") for index in range(90)}
SIDES = [{f"m{index}": listed(200, f"m{index}")} for index in range(20)]


RUNNING = (
    Broken(
        "all_first_in_retry",
        "States.ALL before another Retry entry",
        "SW202",
        retried({"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}),
    ),
    Broken(
        "all_first_in_catch",
        "States.ALL before another Catch entry",
        "SW202",
        machine({"a": call("b", Catch=[caught("b"), caught("b", "E")]), "b": step()}),
    ),
    Broken("all_with_others", "States.ALL beside another name", "SW202", retried({"ErrorEquals": ["E", "States.ALL"]})),
    Broken(
        "catch_runtime",
        "States.Runtime cannot be caught",
        "SW223",
        machine({"a": call("b", Catch=[caught("b", "States.Runtime")]), "b": step()}),
    ),
    Broken(
        "retry_data_limit",
        "States.DataLimitExceeded cannot be retried",
        "SW223",
        retried({"ErrorEquals": ["States.DataLimitExceeded"]}),
    ),
    Broken("misspelt_error", "States.Timeouts is no error", "SW227", retried({"ErrorEquals": ["States.Timeouts"]})),
    Broken("negative_attempts", "MaxAttempts below 0", "SW220", retried({"ErrorEquals": ["E"], "MaxAttempts": -1})),
    Broken(
        "too_many_attempts",
        "MaxAttempts over 99999999",
        "SW220",
        retried({"ErrorEquals": ["E"], "MaxAttempts": 100_000_000}),
    ),
    Broken("no_interval", "IntervalSeconds 0", "SW220", retried({"ErrorEquals": ["E"], "IntervalSeconds": 0})),
    Broken("shrinking_backoff", "BackoffRate below 1", "SW220", retried({"ErrorEquals": ["E"], "BackoffRate": 0.5})),
    Broken(
        "small_max_delay",
        "MaxDelaySeconds below IntervalSeconds",
        "SW220",
        retried({"ErrorEquals": ["E"], "IntervalSeconds": 9, "MaxDelaySeconds": 5}),
    ),
    Broken(
        "jitter",
        "a JitterStrategy that does not exist",
        "SW220",
        retried({"ErrorEquals": ["E"], "JitterStrategy": "HALF"}),
    ),
    Broken("no_time", "TimeoutSeconds 0", "SW219", machine({"a": call(TimeoutSeconds=0)})),
    Broken("half_seconds", "TimeoutSeconds is no whole number", "SW219", machine({"a": call(TimeoutSeconds=1.5)})),
    Broken(
        "slow_heart",
        "a heartbeat longer than the time-out",
        "SW219",
        machine({"a": call(TimeoutSeconds=5, HeartbeatSeconds=5)}),
    ),
    Broken("negative_wait", "Seconds below 0", "SW219", machine({"a": on({"Type": "Wait", "Seconds": -1}, None)})),
    Broken("machine_timeout", "the machine's TimeoutSeconds 0", "SW219", machine({"a": step()}, TimeoutSeconds=0)),
    Broken(
        "token_kept",
        "a state waits for a token that it gives to nobody",
        "SW225",
        machine({"a": call(Resource=WAITING, Arguments={"QueueUrl": "q", "MessageBody": "m"})}),
    ),
    Broken(
        "late_name",
        "the execution's name read in the second state",
        "SW201",
        machine({"a": step("b"), "b": step(Output=NAME)}),
    ),
    Broken(
        "name_in_child",
        "the execution's name read in a child",
        "SW201",
        machine({"a": spread({"x": step(Output=NAME)})}),
    ),
    Broken(
        "id_in_branch",
        "the execution's id read in a branch",
        "SW201",
        machine({"a": fork([{"x": step(Output="{% $states.context.Execution.Id %}")}])}),
    ),
    Broken("too_large", "a definition of over 1 MB", "SW215", machine({"a": step(Output="x" * 1_048_600)})),
    Broken(
        "too_much_data",
        "arguments of over 256 KiB",
        "SW230",
        machine({"a": call(Arguments={"FunctionName": "f", "Payload": {"x": ["x" * 1_000] * 263}})}),
    ),
    Broken("long_row", "90 inline Maps of 40 in a row fill the history", "SW217", machine(ROW | {"m90": step()})),
    Broken("wide_fork", "20 inline Maps of 200 side by side fill the history", "SW217", machine({"a": fork(SIDES)})),
    Broken("many_items", "4,000 items in an inline Map fill the history", "SW217", machine({"a": listed(4_000, "a")})),
)
