"""A tree with one file of each kind, and what is said of it: golden, as text and as JSON.

`STEPWEAVE_GOLDEN=write pytest tests/audit/test_golden_reports.py` writes them anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from support.cli_runner import transpile

FOLDER = Path(__file__).parents[2] / "fixtures" / "audit"


def audit(*arguments: str) -> str:
    done = transpile("audit", *arguments, cwd=FOLDER)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def golden(name: str, said: str) -> None:
    path = FOLDER / name
    if os.environ.get("STEPWEAVE_GOLDEN") == "write":
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


def without_ends(text: str) -> str:
    """Tables are padded to their width, which an editor would take off."""
    return "".join(line.rstrip() + "\n" for line in text.splitlines())


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("tree.txt", ("dags",)),
        ("tree_all.txt", ("dags", "--all")),
        ("one_file.txt", ("dags/refused.py",)),
        ("nothing.txt", ("dags/empty.py", "dags/broken.py")),
    ],
)
def test_text(name: str, arguments: tuple[str, ...]):
    golden(name, without_ends(audit(*arguments)))


def test_json():
    said = json.loads(audit("dags", "--json"))
    golden("tree.json", json.dumps(said, indent=2) + "\n")
