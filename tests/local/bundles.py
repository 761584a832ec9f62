"""Bundles written by hand, in the form the compiler emits, with the real handler in them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import handler

RUN = (
    "{% $states.context.StateMachine.Name & '/' & $states.context.Execution.Name"
    " & '/' & $replace($states.context.Execution.StartTime, ':', '') %}"
)
SERVICE_ERRORS = ["Lambda.ServiceException", "Lambda.Unknown", "Runtime.ExitError", "InfrastructureError"]


class Job(NamedTuple):
    """One task: the code's function it runs, what it waits for, and its limits."""

    function: str
    upstream: tuple[str, ...] = ()
    args: tuple[dict[str, Any], ...] = ()
    retries: int = 0
    timeout: float | None = None
    state_timeout: int = 60
    rule: str = "all_success"
    crash_retries: int = 1


def write_bundle(folder: Path, code: str, jobs: dict[str, Job]) -> Path:
    """A bundle whose tasks run one after the other, each with its settle state, and a finish."""
    (folder / "lambda" / "user").mkdir(parents=True)
    (folder / "lambda" / "user" / "code_of_user.py").write_text(code)
    shutil.copytree(
        Path(handler.__file__).parent, folder / "lambda" / "handler", ignore=shutil.ignore_patterns("__pycache__")
    )
    names = list(jobs)
    followers = [*names[1:], "finish"]
    states: dict[str, Any] = {
        "start": {"Type": "Pass", "Assign": {"run": RUN}, "Output": {}, "Next": names[0]},
    }
    for (name, job), after in zip(jobs.items(), followers, strict=True):
        states |= _states_of(name, job, after)
    leaves = [name for name in names if not any(name in job.upstream for job in jobs.values())]
    states["finish"] = _call({"v": 1, "op": "finish", "run": "{% $run %}", "leaves": leaves}, End=True) | {
        "Catch": [{"ErrorEquals": ["RunFailed"], "Next": "run failed", "Output": "{% $states.errorOutput %}"}]
    }
    states["run failed"] = {
        "Type": "Fail",
        "Error": "RunFailed",
        "Cause": "{% $parse($states.input.Cause).errorMessage %}",
    }
    machine = {"QueryLanguage": "JSONata", "StartAt": "start", "States": states}
    (folder / "machine.asl.json").write_text(json.dumps(machine))
    manifest = {
        "v": 1,
        "kind": "stepweave",
        "name": folder.name,
        "machine": folder.name,
        "tasks": {name: {} for name in names},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def _states_of(name: str, job: Job, after: str) -> dict[str, Any]:
    optional = {
        "rule": job.rule,
        "upstream": list(job.upstream),
        "args": list(job.args),
        "retries": job.retries,
        "timeout": job.timeout,
    }
    event = {
        "v": 1,
        "op": "run",
        "run": "{% $run %}",
        "task": name,
        "component_name": "python",
        "component_config": {"callable": f"code_of_user:{job.function}"},
        **{key: value for key, value in optional.items() if value is not None},
    }
    retry: list[dict[str, object]] = [
        {"ErrorEquals": SERVICE_ERRORS, "IntervalSeconds": 1, "MaxAttempts": job.crash_retries, "BackoffRate": 1.0}
    ]
    if job.retries:
        tries = ["TryFailed", "States.Timeout", "Sandbox.Timedout"]
        retry.append({"ErrorEquals": tries, "IntervalSeconds": 1, "MaxAttempts": job.retries, "BackoffRate": 1.0})
    settle = {"v": 1, "op": "settle", "run": "{% $run %}", "task": name, "error": "{% $states.input %}"}
    return {
        name: _call(event, Next=after, TimeoutSeconds=job.state_timeout)
        | {
            "Retry": retry,
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": f"settle {name}", "Output": "{% $states.errorOutput %}"}],
        },
        f"settle {name}": _call(settle, Next=after),
    }


def _call(event: dict[str, Any], **fields: object) -> dict[str, Any]:
    arguments = {"FunctionName": "${HandlerArn}", "Payload": event}
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": arguments,
        "Output": {},
        **fields,
    }
