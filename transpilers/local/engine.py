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
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Protocol, Self

import boto3
import msgspec
from botocore.exceptions import ClientError

from transpilers.local.account import ACCOUNT, REGION, machine_arn
from transpilers.local.corrections import CORRECTIONS, Correction
from transpilers.local.corrections.distributed_children import iterations_of
from transpilers.local.execution import Execution
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


class RunningExecution(Protocol):
    """What is used of moto's execution. `output` is JSON text once it succeeded (corrections/json_output.py)."""

    exec_arn: str
    name: str
    output: str | None
    error: str | None
    cause: str | None
    start_date: datetime
    stop_date: datetime | None
    exec_worker: Any

    @property
    def status(self) -> str:
        """RUNNING, or how it ended."""
        ...

    def to_history_output(self) -> dict[str, list[dict[str, Any]]]:
        """Its events, times as text."""
        ...


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
        # A thread left over from an earlier engine can be about to make a default session of its own.
        patches.replace(boto3, "client", self._session.client)
        stack.callback(stop_running_executions)

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
        execution = running_execution(arn)
        try:
            self._wait(execution, timeout)
        except BaseException:
            # An interrupted wait must not leave the machine running behind.
            self.client("stepfunctions").stop_execution(executionArn=arn)
            raise
        found = read_execution(execution)
        return msgspec.structs.replace(found, children=_started(children)) if children else found

    def _wait(self, execution: RunningExecution, timeout: float | None) -> None:
        deadline = None if timeout is None else time.monotonic() + timeout
        while execution.status == "RUNNING":
            if deadline is not None and time.monotonic() > deadline:
                self.client("stepfunctions").stop_execution(executionArn=execution.exec_arn)
                deadline = None
            time.sleep(POLL_INTERVAL)


def running_execution(arn: str) -> RunningExecution:
    """The interpreter's own object, which costs nothing to look at; through boto3 a long history takes seconds."""
    return _backend().describe_execution(arn)


def stop_running_executions() -> None:
    """Stop what a machine has started and nobody waits for: it would go on without the engine, on real endpoints."""
    for machine in _backend().state_machines:
        for execution in machine.executions:
            if execution.status == "RUNNING":
                execution.stop(stop_date=datetime.now(UTC), error=None, cause=None)


def _started(children: Mapping[str, object]) -> tuple[Execution, ...]:
    """The executions of these machines, once they are closed."""
    wanted = {machine_arn(name) for name in children}
    return tuple(
        read_execution(execution)
        for machine in _backend().state_machines
        if machine.arn in wanted
        for execution in machine.executions
        if execution.status != "RUNNING"
    )


def _backend() -> Any:
    backends = importlib.import_module("moto.stepfunctions.parser.models").stepfunctions_parser_backends
    return backends[ACCOUNT][REGION]


def read_execution(execution: RunningExecution) -> Execution:
    """What is left of a closed execution."""
    history = execution.to_history_output()["events"]
    events = [
        {**event, "type": event["type"].value, "timestamp": datetime.fromisoformat(event["timestamp"])}
        for event in history
    ]
    return Execution(
        arn=execution.exec_arn,
        name=execution.name,
        status=execution.status,
        output=None if execution.output is None else json.loads(execution.output),
        error=execution.error,
        cause=execution.cause,
        history=tuple(events),
        started=execution.start_date,
        ended=execution.stop_date or events[-1]["timestamp"],
        iterations=iterations_of(execution.exec_worker.env),
    )
