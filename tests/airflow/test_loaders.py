"""Which loader reads a file: `auto` runs nothing that can be told without."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.airflow_sources import HEAD

from transpilers.airflow import loaders
from transpilers.airflow.call import DagCall, DagFile, LoadFault
from transpilers.airflow.importer import read
from transpilers.airflow.loaders import airflow_version, load_file

PLAIN = HEAD + "with DAG('plain', schedule=None):\n    BashOperator(task_id='t', bash_command='ls')\n"
OPEN = (
    HEAD
    + "import os\nwith DAG('open', schedule=None):\n    BashOperator(task_id=os.environ['NAME'], bash_command='ls')\n"
)
ARGUMENT = HEAD + "import os\nwith DAG('open'):\n    BashOperator(task_id='t', bash_command=os.environ['NAME'])\n"
LIVE = DagFile("f", "3.0", (DagCall("live"),))
FAILED = DagFile("f", "3.0", faults=(LoadFault("import", "No module named x"),))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """An Airflow that answers LIVE; holds how often it was asked, and whether with stubs."""
    times: list[bool] = []

    def load(_files: object, *, stub: bool, **_more: object) -> list[DagFile]:
        times.append(stub)
        return [LIVE]

    monkeypatch.setattr(loaders, "load_live", load)
    monkeypatch.setattr(loaders, "airflow_version", lambda _python: "3.1.7")
    for name in [name for name in os.environ if name.startswith("AIRFLOW__")]:
        monkeypatch.delenv(name)
    return times


def written(folder: Path, source: str) -> Path:
    path = folder / "dag.py"
    path.write_text(source)
    return path


def test_what_the_file_tells_is_not_run(tmp_path: Path, asked: list[bool]):
    found = load_file(written(tmp_path, PLAIN), "auto", None, 9)
    assert [dag.dag_id for dag in found.dags] == ["plain"]
    assert found.dialect == "3.1.7"
    assert asked == []


@pytest.mark.parametrize("source", [OPEN, ARGUMENT], ids=["graph", "argument"])
def test_what_it_leaves_open_is_asked_of_airflow(tmp_path: Path, asked: list[bool], source: str):
    assert load_file(written(tmp_path, source), "auto", None, 9) == LIVE
    assert asked == [False]


def test_static_asks_nobody(tmp_path: Path, asked: list[bool]):
    found = load_file(written(tmp_path, OPEN), "static", None, 9)
    assert found.faults
    assert asked == []


def test_live_and_stub_run_it(tmp_path: Path, asked: list[bool]):
    path = written(tmp_path, PLAIN)
    assert [load_file(path, loader, None, 9) for loader in ("live", "stub")] == [LIVE, LIVE]
    assert asked == [False, True]


def test_a_configured_airflow_is_asked(tmp_path: Path, asked: list[bool], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIRFLOW__CORE__DEFAULT_TASK_RETRIES", "3")
    assert load_file(written(tmp_path, PLAIN), "auto", None, 9) == LIVE


def test_without_an_airflow_the_static_reading_stands(
    tmp_path: Path, asked: list[bool], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(loaders, "airflow_version", lambda _python: "")
    path = written(tmp_path, OPEN)
    assert load_file(path, "auto", None, 9) == load_file(path, "static", None, 9)
    assert asked == []


def test_what_airflow_cannot_read_is_told_as_far_as_it_was_read(
    tmp_path: Path, asked: list[bool], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(loaders, "load_live", lambda *_, **__: [FAILED])
    found = load_file(written(tmp_path, ARGUMENT), "auto", None, 9)
    assert [dag.dag_id for dag in found.dags] == ["open"]


def test_an_unknown_loader_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="'guess' is not one of auto, static, live, stub"):
        read(written(tmp_path, PLAIN), loader="guess")


def test_the_version_of_an_interpreter(tmp_path: Path):
    assert airflow_version(tmp_path / "nothing") == loaders.BROKEN
    assert airflow_version(None).startswith("3.")
