"""The account the engine plays."""

from __future__ import annotations

ACCOUNT = "123456789012"
REGION = "us-east-1"


def function_arn(name: str) -> str:
    """The ARN of a function of the account."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def machine_arn(name: str) -> str:
    """The ARN of a machine of the account."""
    return f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{name}"
