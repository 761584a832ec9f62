"""`transpile dask` and `transpile run`, as a user calls them, on a module of the user's own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
FLOW = """\
import dask, dask.array as da, dask.bag as db, dask.dataframe as dd
import pandas as pd
import shapes

squares = db.range(12, npartitions=4).map(shapes.square).filter(shapes.even).sum()
matrix = (da.arange(36, chunks=9).reshape(6, 6) @ da.eye(6, chunks=3)).sum()
several = {"n": squares, "pair": [matrix, 7]}
def factory():
    frame = dd.from_pandas(pd.DataFrame({"k": [n % 3 for n in range(12)], "v": range(12)}), npartitions=3)
    return frame.shuffle("k").map_partitions(len).sum()

def by_disk():
    with dask.config.set({"dataframe.shuffle.method": "disk"}):
        frame = dd.from_pandas(pd.DataFrame({"k": [1, 2, 3, 4], "v": range(4)}), npartitions=2)
        return frame.shuffle("k")

"""
#: Without pandas, which takes each process a second to import.
LIGHT = """\
import dask
import shapes

not_one = 3

def locked():
    import threading
    lock = threading.Lock()
    return dask.delayed(shapes.square)(lock)

def placed():
    with dask.annotate(workers=["a"], retries=2):
        return dask.delayed(shapes.square)(3)

def broken():
    raise ValueError("there is no data")
"""
SHAPES = "def square(x):\n    return x * x\n\n\ndef even(x):\n    return x % 2 == 0\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "flow.py").write_text(FLOW)
    (folder / "light.py").write_text(LIGHT)
    (folder / "shapes.py").write_text(SHAPES)
    (folder / ".config").mkdir()
    return folder


def transpile(project: Path, *arguments: str, code: int = 0, **variables: str) -> subprocess.CompletedProcess[str]:
    import os

    environment = {**os.environ, "XDG_CONFIG_HOME": str(project / ".config"), **variables}
    command = [str(BIN / "transpile"), *arguments]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, env=environment)
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("squares", "220"),
        ("matrix", "630.0"),
        ("several", "{'n': 220, 'pair': [np.float64(630.0), 7]}"),
        ("factory", "12"),
    ],
)
def test_a_collection_becomes_a_bundle_whose_run_gives_its_value(project: Path, name: str, value: str):
    # A task for each call, or for a few: the value is the same.
    few = ["--batch", "20"] if name != "squares" else []
    transpile(project, "dask", f"flow:{name}", *few, "-o", f"build/{name}")
    ran = json.loads(transpile(project, "run", f"build/{name}", "--json").stdout)
    assert set(ran["tasks"].values()) == {"success"}
    assert re.fullmatch(rf"(np\.\w+\()?{re.escape(value)}\)?", ran["results"]["result"]["repr"])


def test_batches_make_fewer_tasks(project: Path):
    one = json.loads(transpile(project, "dask", "flow:matrix", "-o", "build/one", "--json").stdout)
    ten = json.loads(transpile(project, "dask", "flow:matrix", "-o", "build/ten", "--batch", "10", "--json").stdout)
    assert ten["bundles"][0]["tasks"] < one["bundles"][0]["tasks"]


@pytest.mark.parametrize(
    ("spec", "code", "says"),
    [
        ("light:not_one", "SW902", "light:not_one is a int"),
        ("light:nope", "SW901", "has no attribute 'nope'"),
        ("light:broken", "SW901", r"ValueError: there is no data \(line \d\d of light.py\)"),
        ("nothing:here", "SW901", "no module nothing here"),
        ("flow", "SW901", "not of the form MODULE:ATTRIBUTE"),
        ("light:locked", "SW903", "cannot pickle '_thread.lock' object"),
        ("flow:by_disk", "SW904", "partitions a dataframe through files of one machine"),
    ],
)
def test_what_cannot_be_compiled_is_said_in_a_line_and_leaves_nothing(project: Path, spec: str, code: str, says: str):
    done = transpile(project, "dask", spec, "-o", "build/refused", code=1)
    assert re.search(rf"error\[{code}\].*{says}", done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert not (project / "build" / "refused").exists()


def test_annotations_of_a_cluster_are_told(project: Path):
    done = transpile(project, "dask", "light:placed", "-o", "build/placed")
    assert "warning[SW905] placed: the annotation workers is not kept" in done.stderr
    assert "retries" not in done.stderr


def test_a_changed_pickle_and_another_version_are_refused_before_anything_runs(project: Path):
    transpile(project, "dask", "flow:squares", "-o", "build/changed")
    [first, *_] = sorted(
        (project / "build/changed/lambda/user/pickled").iterdir(), key=lambda path: path.stat().st_size
    )
    first.write_bytes(first.read_bytes() + b"x")
    done = transpile(project, "run", "build/changed", code=1)
    assert "was changed since the machine was compiled" in done.stderr


def test_an_interpreter_with_other_packages_is_refused(monkeypatch: pytest.MonkeyPatch):
    from handler.components.pickled import _check_versions
    from handler.errors import Failed

    with pytest.raises(Failed, match=r"dask 1\.0 \(here 20\d\d.*\); compile it with these"):
        _check_versions({"v": 1, "python": f"{sys.version_info[0]}.{sys.version_info[1]}", "packages": {"dask": "1.0"}})
    with pytest.raises(Failed, match=r"Python 2\.7"):
        _check_versions({"v": 1, "python": "2.7", "packages": {}})
