"""What is written down of Airflow 2.11's classes is what they say. STEPWEAVE_GOLDEN=write writes it anew."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import support.signatures
from support.airflow2 import SIGNATURES

from transpilers.airflow.live.loader import environment
from transpilers.airflow.table import OPERATORS

pytestmark = pytest.mark.airflow


def test_the_signatures_are_those_of_airflow_2(second: Path, tmp_path: Path) -> None:
    command = [str(second), str(support.signatures.__file__), *OPERATORS]
    ended = subprocess.run(command, env=environment(tmp_path), capture_output=True, check=True, text=True)
    said = json.loads(ended.stdout.splitlines()[-1])
    if os.environ.get("STEPWEAVE_GOLDEN") == "write":
        SIGNATURES.write_text(json.dumps(said, indent=1, sort_keys=True) + "\n")
    assert json.loads(SIGNATURES.read_text()) == said
