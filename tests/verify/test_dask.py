"""`transpile verify dask`: the synchronous scheduler beside the machine, and what it calls a difference."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from transpilers.verify.verify_dask import SCRIPT

BIN = Path(sys.executable).parent
FLOW = """\
import dask, dask.array as da, dask.bag as db, dask.dataframe as dd, pandas as pd

def report():
    frame = dd.from_pandas(pd.DataFrame({"k": [n % 3 for n in range(12)], "v": range(12)}), npartitions=2)
    squares = db.range(6, npartitions=2).map(lambda x: x * x)
    return {"by": frame.groupby("k").v.sum(), "squares": squares, "m": [da.arange(6, chunks=3) + 1, 7]}
"""
#: Without pandas, which takes each process a second to import.
LIGHT = """\
import dask

def unstable():
    return dask.delayed(lambda: __import__("os").urandom(8))()

def here():
    return dask.delayed(lambda: __import__("os").environ.get("STEPWEAVE_KEY") is None)()

def drifting():
    def draw():
        import os, random
        return random.random() if os.environ.get("STEPWEAVE_KEY") is None else "a text"
    return dask.delayed(draw)()

def lost():
    def fail():
        import os
        raise ValueError("there") if os.environ.get("STEPWEAVE_KEY") is None else ImportError("here")
    return dask.delayed(fail)()

def broken():
    return dask.delayed(lambda: 1 / 0)()
"""


def verified(folder: Path, name: str, *options: str, code: int = 0) -> dict[str, object]:
    (folder / "flow.py").write_text(FLOW)
    (folder / "light.py").write_text(LIGHT)
    home = "flow" if f"def {name}(" in FLOW else "light"
    command = [str(BIN / "transpile"), "verify", "dask", f"{home}:{name}", "--json", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_a_dict_of_collections_is_equal(tmp_path: Path):
    report = verified(tmp_path, "report", "--batch", "20")
    assert report["equal"]
    assert report["values"] == 1
    assert not report["unstable"]


def test_what_differs_from_itself_is_unstable(tmp_path: Path):
    assert [one["task"] for one in verified(tmp_path, "unstable")["unstable"]] == ["result"]


def test_a_computation_that_fails_on_both_sides_is_equal(tmp_path: Path):
    report = verified(tmp_path, "broken")
    assert report["equal"]
    assert report["values"] == 0


def test_an_unstable_value_of_another_type_is_a_difference(tmp_path: Path):
    """Found by reading: it was called unstable, and equal."""
    [found] = verified(tmp_path, "drifting", code=1)["differences"]
    assert "a str, not a float" in found["machine"]


def test_failing_by_another_exception_is_a_difference(tmp_path: Path):
    """Found by reading: two failures were equal, whatever was raised."""
    [found] = verified(tmp_path, "lost", code=1)["differences"]
    assert (found["source"], found["machine"]) == ("failed: ValueError: there", "failed: ImportError: here")


def test_another_value_is_a_difference(tmp_path: Path):
    # Only the machine's workers know the key.
    report = verified(tmp_path, "here", code=1)
    [found] = report["differences"]
    assert (found["task"], found["kind"], found["source"]) == ("result", "value", "True")
    assert "False, not True" in found["machine"]


difference = runpy.run_path(str(SCRIPT))["difference"]


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (np.arange(3), np.arange(3) + 1),
        (np.arange(3.0), np.arange(3)),
        (np.float64(1), 1.0),
        (pd.Series([1, 2]), pd.Series([1, 3])),
        (pd.Series([1, 2], name="a"), pd.Series([1, 2], name="b")),
        ([1, (2, 3)], [1, (2, 4)]),
        ((1,), [1]),
        ({"a": 1}, {"a": Decimal(2)}),
        ([1], [1, 2]),
    ],
    ids=str,
)
def test_values_that_differ(expected: object, found: object):
    assert difference(expected, found)


@pytest.mark.parametrize(
    "value",
    [np.arange(3), pd.DataFrame({"a": [1.5, None]}), float("nan"), {"a": [np.int8(3)]}, None, [(), {}]],
    ids=str,
)
def test_values_that_are_the_same(value: object):
    import copy

    assert difference(value, copy.deepcopy(value)) is None
