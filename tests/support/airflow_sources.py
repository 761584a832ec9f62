"""Small DAG files for the tests, and what reads them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from core_compiler.diagnostics import Diagnostic, Sink
from transpilers.airflow.call import DagCall, DagFile, OperatorCall, Value
from transpilers.airflow.importer import lowered
from transpilers.airflow.shape import Shape
from transpilers.airflow.tasks import Draft, draft

HEAD = """from datetime import datetime, timedelta
from airflow.sdk import DAG, TaskGroup, dag, task
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
"""
STANDARD = "airflow.providers.standard."
BASH = STANDARD + "operators.bash.BashOperator"
EMPTY = STANDARD + "operators.empty.EmptyOperator"
PYTHON = STANDARD + "operators.python.PythonOperator"


def write(folder: Path, **sources: str) -> dict[str, Path]:
    """One file a name, below a folder of its own, so that helpers of one are not those of another."""
    paths: dict[str, Path] = {}
    for name, source in sources.items():
        paths[name] = folder / name / "dag.py"
        paths[name].parent.mkdir()
        paths[name].write_text(HEAD + source)
    return paths


def findings(file: DagFile, dag_id: str | None = None) -> list[Diagnostic]:
    """What is said about a loaded file."""
    return list(lowered(file, "python", dag_id, Sink()).diagnostics)


def task(call: OperatorCall, *, others: tuple[OperatorCall, ...] = (), **dag: Value) -> tuple[Draft | None, list[str]]:
    """One call lowered, and the findings as `code message`."""
    sink = Sink()
    whole = DagCall("d", dict(dag), (call, *others))
    made = draft(call, whole, Shape(whole), sink)
    return made, [f"{found.code} {found.message}" for found in sink.diagnostics]


def example_files() -> list[Path]:
    """The example files that Airflow and its standard provider ship."""
    specification = importlib.util.find_spec("airflow")
    assert specification is not None
    assert specification.origin is not None
    package = Path(specification.origin).parent
    folders = (package / "example_dags", package / "providers" / "standard" / "example_dags")
    return [path for folder in folders for path in sorted(folder.glob("*.py")) if path.name != "__init__.py"]
