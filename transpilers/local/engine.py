"""AWS Step Functions in this process: moto's interpreter, corrected, with Lambda functions of one's own.

Needs no network, no docker and no credentials. S3, DynamoDB, SQS, SNS and Step Functions answer real boto3 clients.
"""

from __future__ import annotations

import importlib
import json
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import Any, Self, cast

import boto3
from botocore.exceptions import ClientError

from transpilers.local.account import ACCOUNT, REGION
from transpilers.local.corrections import CORRECTIONS, Correction
from transpilers.local.execution import Event, Execution
from transpilers.local.functions.invocation import Function
from transpilers.local.patches import Patches
from transpilers.local.session import LocalSession
from transpilers.local.surroundings import check_versions, local_environment, quiet_interpreter

ROLE = f"arn:aws:iam::{ACCOUNT}:role/local"
#: Seconds between looks at a running execution: short, and an attribute read costs nothing.
POLL_INTERVAL = 0.005

_OPEN = threading.Lock()


class MachineRefusedError(Exception):
    """A definition, input or name that CreateStateMachine or StartExecution refuses; the message says why."""


class LocalEngine:
    """An account of its own, for as long as the context is open; one at a time in a process.

    `functions` are the Lambda functions, by name; they are closed with the engine. `corrections` is for tests that
    show what moto does without one.
    """

    def __init__(
        self, functions: Mapping[str, Function] | None = None, *, corrections: Sequence[Correction] = CORRECTIONS
    ) -> None:
        self._functions = dict(functions or {})
        self._corrections = corrections
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        check_versions()
        if not _OPEN.acquire(blocking=False):
            raise RuntimeError("another local engine is open in this process")
        with ExitStack() as stack:
            stack.callback(_OPEN.release)
            for function in self._functions.values():
                stack.callback(function.close)
            stack.enter_context(local_environment())
            stack.enter_context(quiet_interpreter())
            self._start(stack)
            self._stack = stack.pop_all()
        return self

    def _start(self, stack: ExitStack) -> None:
        # Every module of the interpreter has to be there before it is corrected.
        importlib.import_module("moto.stepfunctions.parser.models")
        from moto import mock_aws

        mock = mock_aws(config={"stepfunctions": {"execute_state_machine": True}})
        default_session = boto3.DEFAULT_SESSION
        mock.start()
        stack.callback(mock.stop)
        patches = Patches()
        stack.callback(patches.undo)
        for correction in self._corrections:
            correction(patches)
        # moto clears the default session when it starts and puts its own back when it stops.
        stack.callback(setattr, boto3, "DEFAULT_SESSION", default_session)
        boto3.DEFAULT_SESSION = self._session = LocalSession(self._functions)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def client(self, service: str) -> Any:
        """A boto3 client of the local account."""
        return self._session.client(service, region_name=REGION)

    def create(self, definition: Mapping[str, object], name: str | None = None) -> str:
        """Create a state machine. Returns its ARN. Raises MachineRefusedError."""
        try:
            created = self.client("stepfunctions").create_state_machine(
                name=name or f"machine-{uuid.uuid4().hex[:12]}", definition=json.dumps(definition), roleArn=ROLE
            )
        except ClientError as error:
            raise MachineRefusedError(str(error)) from error
        return created["stateMachineArn"]

    def run(
        self,
        definition: Mapping[str, object],
        input: object = None,
        *,
        name: str | None = None,
        execution_name: str | None = None,
        timeout: float | None = None,
        children: Mapping[str, Mapping[str, object]] | None = None,
    ) -> Execution:
        """Create a machine and run it to its end.

        `input` is any JSON value; `name` the machine's name. After `timeout` seconds the execution is stopped and ends
        as ABORTED. `children` are machines it may start, by name: their ARNs are `account.machine_arn(name)`.
        Raises MachineRefusedError.
        """
        for child, child_definition in (children or {}).items():
            self.create(child_definition, child)
        machine = self.create(definition, name)
        try:
            started = self.client("stepfunctions").start_execution(
                stateMachineArn=machine,
                input=json.dumps({} if input is None else input),
                name=execution_name or str(uuid.uuid4()),
            )
        except ClientError as error:
            raise MachineRefusedError(str(error)) from error
        arn: str = started["executionArn"]
        try:
            self._wait(arn, timeout)
        except BaseException:
            # An interrupted wait must not leave the machine running behind.
            self.client("stepfunctions").stop_execution(executionArn=arn)
            raise
        return self._read(arn)

    def _wait(self, arn: str, timeout: float | None) -> None:
        from moto.stepfunctions.parser.models import stepfunctions_parser_backends

        execution = stepfunctions_parser_backends[ACCOUNT][REGION].describe_execution(arn)
        deadline = None if timeout is None else time.monotonic() + timeout
        while str(execution.status) == "RUNNING":
            if deadline is not None and time.monotonic() > deadline:
                self.client("stepfunctions").stop_execution(executionArn=arn)
                deadline = None
            time.sleep(POLL_INTERVAL)

    def _read(self, arn: str) -> Execution:
        client = self.client("stepfunctions")
        found = client.describe_execution(executionArn=arn)
        events: list[Event] = []
        for page in client.get_paginator("get_execution_history").paginate(
            executionArn=arn, PaginationConfig={"PageSize": 1000}
        ):
            events.extend(cast("list[Event]", page["events"]))
        output = found.get("output")
        return Execution(
            arn=arn,
            name=found["name"],
            status=found["status"],
            output=None if output is None else json.loads(output),
            error=found.get("error"),
            cause=found.get("cause"),
            history=tuple(events),
            started=found["startDate"],
            ended=found.get("stopDate") or cast("datetime", events[-1]["timestamp"]),
        )
