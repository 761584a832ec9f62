"""One engine for the tests of a module; each machine in it has its own name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from local.machines import Lambda

from transpilers.local.engine import LocalEngine
from transpilers.local.functions import InProcess


@pytest.fixture(scope="module")
def worker() -> Lambda:
    """The Lambda of the engine."""
    return Lambda()


@pytest.fixture(scope="module")
def engine(worker: Lambda) -> Iterator[LocalEngine]:
    """An engine with the Lambda `worker`."""
    with LocalEngine({"worker": InProcess(worker)}) as opened:
        client = opened.client("stepfunctions")
        worker.send_success = lambda token, output: client.send_task_success(taskToken=token, output=output)
        yield opened
