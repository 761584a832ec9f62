"""Variables and connections: found by Airflow's own names, and in nothing that a run leaves behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from support.handler_world import World

from handler import masking
from handler.context import secrets, variables
from handler.errors import InfrastructureError, TryFailed

PASSWORD = "s3cr3t-Pässword/1"
TOKEN = "tok-AbCdEf-123456"
CODE = f"""
import logging
from handler.context.variables import BaseHook, Variable

def f(ti, conn, var):
    found = BaseHook.get_connection("db")
    assert found.password == {PASSWORD!r} and found.host == "host" and found.extra_dejson["token"] == {TOKEN!r}
    print("uri", found.get_uri(), found.password, "and", found.extra)
    logging.getLogger("x").warning("password %s", conn.db.password)
    print(repr(found.password), var["value"].api_key, Variable.get("api_key"), var["json"].settings["password"])
    print("not secret:", var["value"].region)
    raise RuntimeError(f"cannot log in with {{found.password}} or {{var['value'].api_key}}")
"""


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """No secret of another test is known."""
    monkeypatch.setattr(masking, "_known", set())


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's secrets, as Airflow takes them from the environment."""
    uri = f"postgres://me:s3cr3t-P%C3%A4ssword%2F1@Host:5432/base?token={TOKEN}"
    monkeypatch.setenv("AIRFLOW_CONN_DB", uri.replace("@Host", "@Host"))
    monkeypatch.setenv("AIRFLOW_VAR_API_KEY", TOKEN)
    monkeypatch.setenv("AIRFLOW_VAR_REGION", "eu-west-1")
    monkeypatch.setenv("AIRFLOW_VAR_SETTINGS", json.dumps({"password": PASSWORD, "user": "someone"}))


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("logs", ["store", "lines"])
def test_nothing_that_a_run_leaves_holds_a_secret(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], logs: str
):
    monkeypatch.setenv("STEPWEAVE_LOGS", logs)
    world.module("m", CODE)
    context = {"started": "2026-01-01T00:00:00Z", "input": {}}
    with pytest.raises(TryFailed) as failed:
        world.run_task("t", "m:f", context=context, retries=1)
    assert world.run_task("t", "m:f", context=context, retries=1) == "failed"
    left = b"".join(path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file())
    said = left.decode() + capfd.readouterr().out + str(failed.value)
    for secret in (PASSWORD, TOKEN, "s3cr3t", "P%C3%A4ssword", "ssword/1"):
        assert secret not in said
        assert json.dumps(secret)[1:-1] not in said
    assert "cannot log in with *** or ***" in said
    assert "not secret: eu-west-1" in said


@mock_aws
@pytest.mark.parametrize("place", ["ssm", "secretsmanager", "ssm=/team/airflow", "ssm,secretsmanager"])
def test_they_are_found_under_airflow_s_names(monkeypatch: pytest.MonkeyPatch, place: str):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("STEPWEAVE_SECRETS", place)
    monkeypatch.setenv("AIRFLOW_VAR_ONLY_HERE", "from the environment")
    service, _, prefix = place.split(",")[0].partition("=")
    client: Any = boto3.client(service)  # type: ignore[call-overload]
    for kind, name, text in (("variables", "size", "7"), ("connections", "db", '{"conn_type": "http", "port": "80"}')):
        if service == "ssm":
            client.put_parameter(Name=f"{prefix or '/airflow'}/{kind}/{name}", Value=text, Type="SecureString")
        else:
            client.create_secret(Name=f"airflow/{kind}/{name}", SecretString=text)
    assert variables.Variable.get("size", deserialize_json=True) == 7
    assert (variables.connection("db").conn_type, variables.connection("db").port) == ("http", 80)
    assert variables.Variable.get("only_here") == "from the environment"
    assert variables.Variable.get("nowhere", default=None) is None
    with pytest.raises(variables.AirflowRuntimeError, match="nowhere not found"):
        variables.Variable.get("nowhere")
    with pytest.raises(variables.AirflowNotFoundException, match="nothing"):
        variables.connection("nothing")


def test_a_place_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STEPWEAVE_SECRETS", "vault")
    with pytest.raises(InfrastructureError, match="ssm or secretsmanager is expected, not 'vault'"):
        secrets.find("variables", "x")
