"""One call of a Lambda function, and its answer in the form of the Lambda Invoke API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Protocol

import msgspec

#: Bytes of a synchronous request or response: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
PAYLOAD_LIMIT = 6 * 1024 * 1024


class Invocation(msgspec.Struct, frozen=True, kw_only=True):
    """One call: the function's name and ARN, the request id, and the event as JSON text."""

    name: str
    arn: str
    request_id: str
    event: bytes


#: Sends a task token back with an output (JSON text); the error's code and message, both empty where it was taken.
SendTaskSuccess = Callable[[str, str], tuple[str, str]]


def nobody_waits(token: str, output: str) -> tuple[str, str]:
    """SendTaskSuccess where there is no engine."""
    del token, output
    return "InvalidToken", "there is no execution"


class Response(msgspec.Struct, frozen=True):
    """The answer: JSON text, of an error object when `failed`."""

    payload: bytes
    failed: bool = False


class Function(Protocol):
    """A Lambda function. Never raises for what the user's code does: that is a failed Response."""

    def invoke(self, invocation: Invocation) -> Response:
        """Run one event to its end."""
        ...

    def close(self) -> None:
        """Free what the function holds; what still runs is ended."""
        ...


def error_response(kind: str, message: str, **more: object) -> Response:
    """A failed response as the Lambda runtime writes it; Step Functions takes `errorType` as the error's name."""
    return Response(json.dumps({"errorMessage": message, "errorType": kind, **more}).encode(), failed=True)


def within_limit(response: Response) -> Response:
    """The response, or the error that Lambda gives for one that is too large."""
    if len(response.payload) <= PAYLOAD_LIMIT:
        return response
    return error_response(
        "Function.ResponseSizeTooLarge",
        f"Response payload size ({len(response.payload)} bytes) exceeded maximum allowed payload size "
        f"({PAYLOAD_LIMIT} bytes).",
    )
