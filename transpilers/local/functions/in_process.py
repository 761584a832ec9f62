"""A Lambda function that is a callable of this process: quick, not to be killed, its time-out only told."""

from __future__ import annotations

import json
from collections.abc import Callable

import msgspec

from transpilers.local.functions.invocation import Invocation, Response, error_response, within_limit
from transpilers.local.functions.worker import LambdaContext, run

Handler = Callable[[object, LambdaContext], object]


class InProcess(msgspec.Struct, frozen=True):
    """Calls `handler(event, context)` in the thread that invokes. `timeout`, in seconds, is what the context tells."""

    handler: Handler
    timeout: float = 900.0

    def invoke(self, invocation: Invocation) -> Response:
        """Run one event to its end, however long it takes."""
        context = LambdaContext(
            request_id=invocation.request_id,
            name=invocation.name,
            arn=invocation.arn,
            timeout=self.timeout,
            stream="in-process",
        )
        try:
            answer = run(self.handler, json.loads(invocation.event), context)
        except SystemExit as exit_:
            # It would end the sandbox, not this process.
            message = f"RequestId: {invocation.request_id} Error: Runtime exited with error: exit status {exit_.code}"
            return error_response("Runtime.ExitError", message)
        return within_limit(to_response(answer))

    def close(self) -> None:
        """Nothing is held."""


def to_response(answer: dict[str, object]) -> Response:
    """A worker's answer as a response."""
    match answer:
        case {"payload": str(payload)}:
            return Response(payload.encode())
        case _:
            return Response(json.dumps(answer["error"]).encode(), failed=True)
