"""What may go wrong in a worker: the right exception at the caller, nothing left hanging, and the next call works."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import dask
import pytest

from transpilers.dask import get


def dies() -> int:
    os._exit(3)


def works(x: int) -> int:
    return x + 1


@pytest.fixture(autouse=True)
def the_next_computation_works():
    yield
    assert dask.delayed(works)(1).compute(scheduler=get) == 2


def test_a_call_that_ends_its_process():
    with pytest.raises(RuntimeError, match=r"works-0 failed: Runtime.ExitError: .*exit status 3"):
        dask.delayed(works)(dask.delayed(dies)()).compute(scheduler=get)


def test_a_result_that_cannot_be_pickled():
    with pytest.raises(TypeError, match=r"the value of 'allocate_lock.*cannot be pickled"):
        dask.delayed(bool)(dask.delayed(threading.Lock)()).compute(scheduler=get, optimize_graph=False, batch=1)


def test_an_exception_that_cannot_be_pickled_comes_as_its_words():
    def fails() -> None:
        error = ValueError("seen")
        error.lock = threading.Lock()
        raise error

    with pytest.raises(RuntimeError, match="ValueError: seen"):
        dask.delayed(fails)().compute(scheduler=get)


def test_a_module_that_the_worker_does_not_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "here_only.py").write_text("def f(x):\n    return x\n")
    monkeypatch.syspath_prepend(tmp_path)
    import here_only

    made = dask.delayed(here_only.f)(1)
    # The worker is told of the folder, and then it is not there any more.
    (tmp_path / "here_only.py").unlink()
    with pytest.raises(RuntimeError, match="No module named 'here_only'"):
        made.compute(scheduler=get)
    monkeypatch.delitem(sys.modules, "here_only")
