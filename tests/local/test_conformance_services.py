"""Other services behind a state: the interpreter calls them with boto3, and AWS's parameter names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from local.machines import INVOKE, call_path, catch, machine, states, step

from transpilers.local.account import machine_arn
from transpilers.local.engine import LocalEngine


@pytest.fixture(scope="module")
def s3(engine: LocalEngine) -> Any:
    """A client of the engine's S3, with the bucket `store`."""
    client = engine.client("s3")
    client.create_bucket(Bucket="store")
    return client


@pytest.fixture
def queue(engine: LocalEngine) -> Iterator[str]:
    """The URL of a queue."""
    sqs = engine.client("sqs")
    url: str = sqs.create_queue(QueueName="queue")["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


def task(resource: str, parameters: dict[str, object], **fields: object) -> dict[str, Any]:
    """A JSONPath state that calls a service."""
    end = {} if "Next" in fields else {"End": True}
    return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters, **end, **fields}


@pytest.mark.parametrize("body", [{"z": 1}, "abc"])
def test_s3_by_the_sdk_integration(engine: LocalEngine, s3: Any, body: object) -> None:
    """putObject writes JSON or text, and getObject gives the body as text."""
    ended = engine.run(
        states(
            "Put",
            Put=task(
                "aws-sdk:s3:putObject", {"Bucket": "store", "Key": "k", "Body": body}, ResultPath=None, Next="Get"
            ),
            Get=task("aws-sdk:s3:getObject", {"Bucket": "store", "Key": "k"}, OutputPath="$.Body"),
        )
    )
    stored = s3.get_object(Bucket="store", Key="k")["Body"].read().decode()
    assert ended.output == stored, ended.cause
    assert stored in (body, json.dumps(body), json.dumps(body, separators=(",", ":")))


def test_items_from_s3(engine: LocalEngine, s3: Any) -> None:
    """A Distributed Map reads its items from an object."""
    s3.put_object(Bucket="store", Key="items.json", Body=json.dumps([{"v": item} for item in range(3)]))
    inc = states("Inc", Inc=call_path({"op": "inc", "x.$": "$.v"}, OutputPath="$.Payload.x"))
    each = {
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSON"},
            "Parameters": {"Bucket": "store", "Key": "items.json"},
        },
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **inc},
        "End": True,
    }
    assert engine.run(states("Each", Each=each)).output == [1, 2, 3]


def test_dynamodb(engine: LocalEngine) -> None:
    """An item is put and read."""
    engine.client("dynamodb").create_table(
        TableName="table",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    item = {"id": {"S": "1"}, "v": {"S": "q"}}
    ended = engine.run(
        states(
            "Put",
            Put=task("dynamodb:putItem", {"TableName": "table", "Item": item}, ResultPath=None, Next="Get"),
            Get=task("dynamodb:getItem", {"TableName": "table", "Key": {"id": {"S": "1"}}}, OutputPath="$.Item.v.S"),
        )
    )
    assert ended.output == "q", ended.cause


def test_sqs_and_sns(engine: LocalEngine, queue: str) -> None:
    """A message is sent and one is published."""
    topic = engine.client("sns").create_topic(Name="topic")["TopicArn"]
    ended = engine.run(
        states(
            "Send",
            Send=task("sqs:sendMessage", {"QueueUrl": queue, "MessageBody.$": "$"}, ResultPath=None, Next="Publish"),
            Publish=task("sns:publish", {"TopicArn": topic, "Message": "hi"}, OutputPath="$.MessageId"),
        ),
        {"n": 1},
    )
    assert isinstance(ended.output, str), ended.cause
    received = engine.client("sqs").receive_message(QueueUrl=queue)["Messages"][0]["Body"]
    assert json.loads(received) == {"n": 1}


def test_a_lambda_answers_its_token(engine: LocalEngine) -> None:
    """waitForTaskToken ends when someone else, in another thread, sends success."""
    waiting = {
        "Type": "Task",
        "Resource": f"{INVOKE}.waitForTaskToken",
        "Arguments": {
            "FunctionName": "worker",
            "Payload": {"op": "callback", "token": "{% $states.context.Task.Token %}"},
        },
        "TimeoutSeconds": 20,
        "Output": "{% $states.result.answer %}",
        "End": True,
    }
    ended = engine.run(machine("Wait", Wait=waiting), timeout=30)
    assert ended.output == 42, ended.cause
    assert len(ended.history) == 2 + 6


def test_a_child_machine(engine: LocalEngine) -> None:
    """startExecution.sync:2 gives the child's output as JSON, a bare string too."""
    child = states("C", C=step(InputPath="$.x"))
    start = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": machine_arn("child"), "Input": {"x.$": "$.x"}},
        "OutputPath": "$.Output",
        "End": True,
    }
    ended = engine.run(states("Start", Start=start), {"x": "a string"}, children={"child": child})
    assert ended.output == "a string", ended.cause


def test_a_service_that_fails_is_caught(engine: LocalEngine) -> None:
    """An ECS task in a cluster that is not there."""
    run = task(
        "ecs:runTask.sync",
        {"LaunchType": "FARGATE", "Cluster": "absent", "TaskDefinition": "absent"},
        Catch=catch("States.ALL", to="H"),
    )
    assert engine.run(states("R", R=run, H=step(Result="caught"))).output == "caught"
