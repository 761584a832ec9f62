"""Sending a task token back to Step Functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol, TypeAlias, cast

from handler.errors import InfrastructureError


class Refusal(NamedTuple):
    """Why a token was not taken: the code of the service's error, and its message."""

    code: str
    message: str


#: Sends a token back with an output (JSON text). None: the state that waited with it goes on.
Send: TypeAlias = Callable[[str, str], Refusal | None]


class _Client(Protocol):
    def send_task_success(self, *, taskToken: str, output: str) -> object: ...  # noqa: N803


_clients: list[_Client] = []


def send_to_step_functions(token: str, output: str) -> Refusal | None:
    """SendTaskSuccess. Its client is only made where something waits: that takes longer than most tasks' start."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        if not _clients:
            make = cast("Callable[..., _Client]", boto3.client)  # pyright: ignore[reportUnknownMemberType]
            _clients.append(make("stepfunctions"))
        _clients[0].send_task_success(taskToken=token, output=output)
    except ClientError as error:
        fault = cast("Mapping[str, Mapping[str, str]]", error.response).get("Error", {})
        return Refusal(fault.get("Code", ""), fault.get("Message", str(error)))
    except (BotoCoreError, ValueError) as error:
        raise InfrastructureError(f"cannot reach Step Functions: {error}") from error
    return None


def told_by(send: Callable[..., object]) -> Send:
    """How a context of the local engine sends: it returns the error's code and message, both empty where it worked."""

    def sent(token: str, output: str) -> Refusal | None:
        code, message = cast("tuple[str, str]", send(token, output))
        return Refusal(code, message) if code else None

    return sent
