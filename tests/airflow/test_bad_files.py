"""Files that cannot be read: each gives one clear line with a code, and never a traceback."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support.airflow_sources import findings, write

from core_compiler.diagnostics import Diagnostic, Severity
from transpilers.airflow.call import DagFile
from transpilers.airflow.importer import read
from transpilers.airflow.live.loader import load

#: Lines that every source starts with.
HEAD = 5
SOURCES = {
    "syntax": "with DAG('d') as:\n    pass\n",
    "nul": "x = '\0'\n",
    "raises": "def deep():\n    return {}['missing']\n\ndeep()\n",
    "multiline": "raise RuntimeError('one\\ntwo\\n' + 'long ' * 200)\n",
    "exits": "import sys\nsys.exit(3)\n",
    "no_module": "import a_module_that_is_not_there\n",
    "removed_name": "from airflow.operators.python import NothingOfThatName\n",
    "no_dag": "def f():\n    return DAG('d')\n",
    "odd_id": "DAG('no spaces!')\n",
    "long_id": "DAG('d' * 300)\n",
    "odd_task": "with DAG('d'):\n    EmptyOperator(task_id='no/slash')\n",
    "odd_group": "with DAG('d'):\n    TaskGroup('no.dot')\n",
    "unknown_argument": "with DAG('d'):\n    EmptyOperator(task_id='t', nonsense=1)\n",
    "same_task": "with DAG('d'):\n    EmptyOperator(task_id='t')\n    EmptyOperator(task_id='t')\n",
    "same_dag": "a = DAG('d')\nb = DAG('d')\nwith DAG('good') as c:\n    EmptyOperator(task_id='t')\n",
    "cycle": "with DAG('d'):\n    a, b, c = (EmptyOperator(task_id=t) for t in 'abc')\n    a >> b >> c >> a\n",
    "empty_dag": "dag = DAG('d')\n",
    "prints": "import os, sys\nos.write(1, b'{')\nos.write(2, b'}')\nprint('x' * 100000)\nraise OSError\n",
}
EXPECTED = {
    "syntax": ("SW302", HEAD + 1, "the file is not Python: invalid syntax"),
    "nul": ("SW302", 0, "the file is not Python: "),
    "raises": ("SW303", HEAD + 2, "importing the file raises KeyError: 'missing'"),
    "multiline": ("SW303", HEAD + 1, "importing the file raises RuntimeError: one two long long"),
    "exits": ("SW303", HEAD + 2, "importing the file raises SystemExit: 3"),
    "no_module": ("SW304", HEAD + 1, "the file imports what is not there: ModuleNotFoundError: No module named"),
    "removed_name": ("SW304", HEAD + 1, "the file imports what is not there: ImportError: cannot import name"),
    "no_dag": ("SW307", 0, "the file holds no DAG"),
    "odd_id": ("SW305", HEAD + 1, "Airflow refuses an id: The key 'no spaces!' has to be made of"),
    "long_id": ("SW305", HEAD + 1, "Airflow refuses an id: The key has to be less than 250 characters, not 300"),
    "odd_task": ("SW305", HEAD + 2, "Airflow refuses an id: The key 'no/slash' has to be made of"),
    "odd_group": ("SW305", HEAD + 2, "Airflow refuses an id: The key 'no.dot' has to be made of"),
    "unknown_argument": ("SW303", HEAD + 2, "importing the file raises TypeError: Invalid arguments were passed"),
    "same_task": ("SW303", HEAD + 3, "importing the file raises DuplicateTaskIdFound: Task id 't' has already"),
    "same_dag": ("SW306", HEAD + 2, f"the DAG id 'd' is used twice in this file, first at line {HEAD + 1}"),
    "cycle": ("SW104", HEAD + 2, "the tasks wait for each other in a circle: "),
    "empty_dag": ("SW101", 0, "the workflow has no task"),
    "prints": ("SW303", HEAD + 5, "importing the file raises OSError"),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, DagFile]:
    """Every source, loaded by one subprocess."""
    paths = write(tmp_path_factory.mktemp("bad"), **SOURCES)
    return dict(zip(paths, load(list(paths.values())), strict=True))


def _errors(found: list[Diagnostic]) -> list[Diagnostic]:
    return [one for one in found if one.severity is Severity.ERROR]


@pytest.mark.airflow
@pytest.mark.parametrize("name", SOURCES)
def test_one_clear_line(files: dict[str, DagFile], name: str) -> None:
    code, line, message = EXPECTED[name]
    [found] = _errors(findings(files[name]))
    assert (found.code, found.line) == (code, line)
    assert found.message.startswith(message)
    assert "\n" not in found.message
    assert len(found.message) < 400
    assert found.path == files[name].path or code == "SW101"


@pytest.mark.airflow
def test_a_refused_dag_does_not_stop_the_others(files: dict[str, DagFile]) -> None:
    assert [dag.dag_id for dag in files["same_dag"].dags] == ["good"]
    assert _errors(findings(files["same_dag"], "good")) == []
    [unknown] = _errors(findings(files["same_dag"], "other"))
    assert (unknown.code, unknown.message) == ("SW312", "no DAG 'other' in this file; there is 'd', 'good'")
    # What keeps the file from being read comes before what is asked of it.
    assert [found.code for found in _errors(findings(files["raises"], "other"))] == ["SW303"]


@pytest.mark.airflow
def test_a_file_that_loops_ends_by_its_time_limit(tmp_path: Path) -> None:
    paths = write(tmp_path, loops="while True: pass\n")
    [found] = read(paths["loops"], time_limit=3).diagnostics
    assert (found.code, found.message) == ("SW308", "the file was not imported within 3 seconds")


@pytest.mark.airflow
def test_after_a_file_that_ends_the_process_the_next_is_read(tmp_path: Path) -> None:
    sources = {"crashes": "import os\nos.kill(os.getpid(), 9)\n", "leaves": "import os\nos._exit(0)\n"}
    sources["threads"] = "import threading, time\nthreading.Thread(target=time.sleep, args=[600]).start()\nDAG('d')\n"
    sources["good"] = "with DAG('d'):\n    EmptyOperator(task_id='t')\n"
    crashes, leaves, threads, good = load(list(write(tmp_path, **sources).values()))
    assert [found.code for found in findings(crashes)] == ["SW311"]
    assert findings(crashes)[0].message.endswith("was killed by signal 9")
    assert findings(leaves)[0].message.endswith("ended with exit code 0")
    assert [fault.sort for fault in threads.faults] == ["no_dag"]
    assert [dag.dag_id for dag in good.dags] == ["d"]


def test_a_path_that_leads_to_no_file(tmp_path: Path) -> None:
    [missing] = read(tmp_path / "nothing.py").diagnostics
    assert (missing.code, missing.message) == ("SW301", f"no file {tmp_path / 'nothing.py'}")
    [folder] = read(tmp_path).diagnostics
    assert (folder.code, folder.message) == ("SW301", f"{tmp_path} is a folder")


@pytest.mark.parametrize(
    ("package", "code", "message"),
    [
        (None, "SW309", "{python} has no Airflow to read the file with"),
        ("__version__ = '2.10.5'", "SW310", "{python} has Airflow 2.10.5, but 3 or 2.11 is needed"),
        ("import not_there", "SW313", "importing Airflow with {python} raises ModuleNotFoundError: No module named"),
        ("raise OSError('disk')", "SW313", "importing Airflow with {python} raises OSError: disk"),
    ],
)
def test_interpreters_without_a_fitting_airflow(
    tmp_path: Path, package: str | None, code: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The interpreter below the virtual environment has no packages of its own.
    python = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    if package is not None:
        (tmp_path / "airflow").mkdir()
        (tmp_path / "airflow" / "__init__.py").write_text(package)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    file = tmp_path / "dag.py"
    file.write_text("x = 1\n")
    [found] = read(file, python=python, loader="live").diagnostics
    assert found.code == code
    assert found.message.startswith(message.format(python=python))


def test_an_interpreter_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "dag.py"
    file.write_text("x = 1\n")
    [missing] = read(file, python=tmp_path / "python").diagnostics
    assert missing.code == "SW311"
    assert missing.message.endswith("No such file or directory")
    [other] = read(file, python=Path("/bin/false")).diagnostics
    assert other.message == "the file could not be read: /bin/false ended with exit code 1"
