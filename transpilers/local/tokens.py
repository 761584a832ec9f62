"""SendTaskSuccess for functions whose process cannot reach the engine."""

from __future__ import annotations

import importlib
from typing import Any

from transpilers.local.account import ACCOUNT, REGION


def send_task_success(token: str, output: str) -> tuple[str, str]:
    """Send a token back to the engine of this process; the error's code and message, both empty where it was taken.

    Asks the interpreter itself: a late invocation must never reach a real endpoint, whatever has ended meanwhile.
    """
    models: Any = importlib.import_module("moto.stepfunctions.parser.models")
    api: Any = importlib.import_module("moto.stepfunctions.parser.api")
    try:
        models.stepfunctions_parser_backends[ACCOUNT][REGION].send_task_success(token, output)
    except (api.TaskTimedOut, api.TaskDoesNotExist, api.InvalidToken) as refusal:
        return type(refusal).__name__, str(refusal)
    return "", ""
