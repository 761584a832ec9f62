"""A boto3 session whose Lambda calls are answered here, and whose clients are made once."""

# botocore has no annotations.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import io
import json
import threading
import urllib.parse
import uuid
from collections.abc import Mapping
from typing import Any

import boto3.session
from botocore.response import StreamingBody

from transpilers.local.account import REGION, function_arn
from transpilers.local.functions.invocation import Function, Invocation, Response


class Answer:
    """What botocore reads of an HTTP response."""

    def __init__(self, status_code: int) -> None:
        self.status_code = status_code
        self.headers: dict[str, str] = {}


class LocalSession(boto3.session.Session):
    """Hands `lambda:Invoke` to `functions` (by name) through botocore's public `before-call` event.

    moto's interpreter makes a client for every task, which costs 11 ms: clients are kept by service, region and
    endpoint. They are safe to share between threads.
    """

    def __init__(self, functions: Mapping[str, Function]) -> None:
        super().__init__(region_name=REGION)
        self._functions = functions
        self._clients: dict[tuple[object, ...], Any] = {}
        self._clients_lock = threading.Lock()
        self.events.register("before-call.lambda.Invoke", self._invoke)

    def client(self, service_name: str, *args: Any, **kwargs: Any) -> Any:
        """A client, the same for the same arguments but credentials."""
        config = kwargs.get("config")
        lenient = config is not None and not getattr(config, "parameter_validation", True)
        key = (service_name, args, kwargs.get("region_name"), kwargs.get("endpoint_url"), lenient)
        with self._clients_lock:
            if key not in self._clients:
                self._clients[key] = super().client(service_name, *args, **kwargs)
            return self._clients[key]

    def _invoke(self, params: Mapping[str, Any], **_: object) -> tuple[Answer, dict[str, Any]]:
        path: str = params["url_path"]
        asked = urllib.parse.unquote(path.split("/functions/")[1].split("/")[0])
        name = asked.split(":function:")[-1].split(":")[0]
        function = self._functions.get(name)
        request_id = str(uuid.uuid4())
        metadata: dict[str, object] = {"RequestId": request_id, "RetryAttempts": 0, "HTTPHeaders": {}}
        if function is None:
            error = {"Code": "ResourceNotFoundException", "Message": f"Function not found: {function_arn(name)}"}
            return Answer(404), {"Error": error, "ResponseMetadata": {**metadata, "HTTPStatusCode": 404}}
        event: bytes = params.get("body") or b"{}"
        response = function.invoke(
            Invocation(name=name, arn=function_arn(name), request_id=request_id, event=as_json(event))
        )
        return Answer(200), {**to_api(response), "ResponseMetadata": {**metadata, "HTTPStatusCode": 200}}


def as_json(body: bytes | str) -> bytes:
    """The request's body, checked to be JSON; Lambda refuses any other."""
    json.loads(body)
    return body if isinstance(body, bytes) else body.encode()


def to_api(response: Response) -> dict[str, Any]:
    """A response as the Invoke API gives it."""
    body = StreamingBody(io.BytesIO(response.payload), len(response.payload))
    found: dict[str, Any] = {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": body}
    if response.failed:
        found["FunctionError"] = "Unhandled"
    return found
