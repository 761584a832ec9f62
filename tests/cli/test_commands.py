"""The command line: help, exit codes, one clear line for wrong usage, and a start that stays light."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.cli_runner import transpile


def test_help_names_every_command():
    shown = transpile("--help")
    assert shown.returncode == 0
    assert {"airflow", "run", "verify", "explain"} <= set(shown.stdout.split())


def test_help_imports_nothing_heavy():
    code = "import sys, transpilers.cli.main; print(*sorted(m for m in sys.modules if '.' not in m))"
    loaded = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.split())
    assert not loaded & {"msgspec", "rich", "libcst", "numpy", "networkx", "boto3", "moto", "airflow"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("frobnicate",),
        ("airflow",),
        ("airflow", "x.py", "--structure", "pile"),
        ("airflow", "x.py", "--loader", "guess"),
        ("explain", "SW000"),
        ("run", "x", "--input", "[1]"),
        ("run", "x", "--input", "{"),
        ("run", "x", "--input", "@missing.json"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2_and_has_no_traceback(arguments: tuple[str, ...], tmp_path: Path):
    done = transpile(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "rror" in done.stderr


def test_explain_tells_why_and_what_to_do():
    done = transpile("explain", "sw104")
    assert done.returncode == 0
    assert done.stdout.startswith("SW104: The tasks wait for each other in a circle (error)")
    assert json.loads(transpile("explain", "SW104", "--json").stdout)["severity"] == "error"


def test_every_code_is_given_once():
    from transpilers.cli.registry import SOURCES

    codes = [rule.code for source in SOURCES for rule in source.RULES]
    assert len(codes) == len(set(codes))
    assert all(rule.why.endswith(".") for source in SOURCES for rule in source.RULES)
