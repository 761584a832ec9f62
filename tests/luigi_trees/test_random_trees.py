"""A few random trees by Luigi and by their machines; `make judge-luigi` judges 300."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_machines_do_what_luigi_does(tmp_path: Path):
    command = [sys.executable, "-m", "luigi_trees.judge_luigi", "1", "6"]
    paths = os.pathsep.join((str(ROOT / "tests"), str(ROOT)))
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert done.stdout.startswith("6 trees: ")
