"""The scheduler interface with AWS behind it, which the local engine plays in this process."""

from __future__ import annotations

from pathlib import Path

import dask
import dask.array as da
import pytest

from core_compiler.bundle.runtime import runtime_files
from handler.binary import KEY_VARIABLE
from transpilers.dask import deployed, get
from transpilers.dask.engine import EngineError
from transpilers.local.account import function_arn
from transpilers.local.engine import LocalEngine
from transpilers.local.functions.worker_pool import WorkerPool
from transpilers.local.hosting import STORE, USER

KEY = "a key of both sides"


def refuse(x: int) -> int:
    raise LookupError(f"no {x}")


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A deployed handler, and the settings that name it."""
    for name, content in runtime_files().items():
        (tmp_path / "code" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "code" / name).write_bytes(content)
    store = (tmp_path / "store").as_uri()
    variables = {STORE: store, KEY_VARIABLE: KEY, USER: str(Path(__file__).parent)}
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    monkeypatch.setattr(deployed, "POLL_SECONDS", 0.05)
    import os

    pool = WorkerPool(
        tmp_path / "code", "handler.app.lambda_handler", environment={**os.environ, **variables}, concurrency=2
    )
    with LocalEngine({"deployed": pool}) as engine:
        role = "arn:aws:iam::123456789012:role/machines"
        settings = {"handler": function_arn("deployed"), "role": role, "store": store}
        with dask.config.set({"stepweave": settings}):
            yield engine


def test_a_computation_is_a_machine_that_is_gone_afterwards(account: LocalEngine):
    x = da.arange(12, chunks=4)
    assert (x * x).sum().compute(scheduler=get) == 506
    assert account.client("stepfunctions").list_state_machines()["stateMachines"] == []


def test_an_exception_comes_back_as_it_was(account: LocalEngine):
    with pytest.raises(LookupError, match="no 3"):
        dask.delayed(refuse)(3).compute(scheduler=get)
    assert account.client("stepfunctions").list_state_machines()["stateMachines"] == []


def test_callbacks_hear_of_calls(account: LocalEngine):
    from dask.callbacks import Callback

    heard: list[object] = []
    with Callback(posttask=lambda key, *_: heard.append(key)):
        made = dask.delayed(sum)([dask.delayed(abs)(n) for n in range(3)])
        assert made.compute(scheduler=get, optimize_graph=False) == 3
    assert sorted(map(str, heard)) == sorted(map(str, made.dask))


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    missing = r"stepweave\.role, stepweave\.store, STEPWEAVE_KEY"
    with dask.config.set({"stepweave": {"handler": "arn:x"}}), pytest.raises(EngineError, match=missing):
        dask.delayed(abs)(3).compute(scheduler=get)
