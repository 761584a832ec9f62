"""What is said about files that are refused: golden, every true reason at its line.

`STEPWEAVE_GOLDEN=write pytest tests/airflow/test_refused_files.py` writes them anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.airflow_sources import example_files

from core_compiler.diagnostics import to_text
from transpilers.airflow.importer import read

pytestmark = pytest.mark.airflow

ROOT = Path(__file__).parents[2]
REFUSED = ROOT / "fixtures" / "airflow" / "refused"


@pytest.mark.parametrize("case", sorted(folder.name for folder in REFUSED.iterdir()))
def test_every_reason_is_said(case: str) -> None:
    own = REFUSED / case / "dag.py"
    file = own if own.exists() else next(path for path in example_files() if path.stem == case)
    imported = read(file, loader="live")
    assert [entry.workflow for entry in imported.workflows] == [None]
    said = to_text(imported.diagnostics).replace(str(file), file.name)
    golden = REFUSED / case / "diagnostics.txt"
    if os.environ.get("STEPWEAVE_GOLDEN") == "write":
        golden.write_text(said)
    assert said == golden.read_text()
