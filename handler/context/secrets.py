"""Where variables and connections are kept, by Airflow's own names.

`STEPWEAVE_SECRETS` lists places, comma-separated, asked in this order before the environment: `ssm` is the Parameter
Store (`/airflow/variables/KEY`), `secretsmanager` is Secrets Manager (`airflow/variables/KEY`); another prefix follows
an equals sign (`ssm=/team/airflow`). On AWS it is `ssm` unless said otherwise. Then come the environment's
`AIRFLOW_VAR_KEY` and `AIRFLOW_CONN_ID`.
"""

from __future__ import annotations

import os
from typing import Any, cast

from handler.errors import InfrastructureError

VARIABLE = "STEPWEAVE_SECRETS"
ENVIRONMENT = {"variables": "AIRFLOW_VAR_", "connections": "AIRFLOW_CONN_"}
PREFIXES = {"ssm": "/airflow", "secretsmanager": "airflow"}
#: What the clients raise for a name that is not there, or that no name there can be, as one with a space.
NOT_THERE = frozenset({"ParameterNotFound", "ResourceNotFoundException", "ValidationException"})


def find(kind: str, name: str) -> str | None:
    """The variable or connection (`kind`) with this name, as text; None where no place has it."""
    for place in filter(None, map(str.strip, os.environ.get(VARIABLE, _default()).split(","))):
        service, _, prefix = place.partition("=")
        if service not in PREFIXES:
            raise InfrastructureError(f"{VARIABLE}: ssm or secretsmanager is expected, not {service!r}")
        found = _ask(service, f"{prefix or PREFIXES[service]}/{kind}/{name}")
        if found is not None:
            return found
    return os.environ.get(ENVIRONMENT[kind] + name.upper())


def _default() -> str:
    on_aws = "AWS_LAMBDA_RUNTIME_API" in os.environ
    return "ssm" if on_aws else ""


def _ask(service: str, name: str) -> str | None:
    try:
        import boto3
        from botocore.exceptions import BotoCoreError, ClientError
    except ModuleNotFoundError as error:
        raise InfrastructureError(f"{VARIABLE}={service} needs boto3") from error
    client: Any = cast("Any", boto3).client(service)
    try:
        if service == "ssm":
            return str(client.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
        return str(client.get_secret_value(SecretId=name)["SecretString"])
    except ClientError as error:
        code = cast("dict[str, Any]", error.response).get("Error", {}).get("Code")
        if code in NOT_THERE:
            return None
        raise InfrastructureError(f"{service} did not give {name}: {code}") from error
    except BotoCoreError as error:
        raise InfrastructureError(f"{service} did not give {name}: {type(error).__name__}") from error
