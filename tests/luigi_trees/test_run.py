"""Trees compiled and run: the same files as Luigi leaves, and nothing run twice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from luigi_trees.trees import FIXTURES, bundle, files, run, tree

from transpilers.luigi.importer import read


def luigi_leaves(folder: Path, *arguments: str) -> dict[str, bytes]:
    """The relative files that Luigi itself leaves, run in `folder`."""
    before = {path for path in folder.rglob("*") if path.is_file()}
    command = [sys.executable, "-m", "luigi", "--local-scheduler", "--module", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": "."})
    assert "This progress looks :)" in done.stderr, done.stderr
    left = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(left) if path not in before}


@pytest.fixture(scope="module")
def sales(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The fixture's bundle, and its store after one run."""
    folder = tmp_path_factory.mktemp("sales")
    made = bundle(read(["sales", "Week", "--date", "2026-01-07"], folder=FIXTURES / "sales"), folder / "bundle")
    result = run(made, folder / "store")
    assert result.status == "SUCCEEDED", result.diagnostics
    assert set(result.tasks.values()) == {"success"}
    return made, folder / "store"


def test_the_same_files_are_left(sales: tuple[Path, Path], tmp_path: Path):
    folder = tmp_path / "luigi"
    shutil.copytree(FIXTURES / "sales", folder)
    # The absolute paths of the fixture are none that a test may write to.
    text = (folder / "sales.py").read_text()
    (folder / "sales.py").write_text(text.replace('"/data/revenue', '"absolute/data/revenue'))
    expected = luigi_leaves(folder, "sales", "Week", "--date", "2026-01-07")
    found = {name if name[0] != "/" else f"absolute{name}": data for name, data in files(sales[1]).items()}
    assert found == expected
    assert len(found) == 16


def test_a_second_run_runs_nothing(sales: tuple[Path, Path]):
    before = files(sales[1])
    result = run(*sales)
    assert result.status == "SUCCEEDED"
    assert {task for task, tries in result.tries.items() if tries} == {"schedule"}
    assert next(status for task, status in result.tasks.items() if task.startswith("Week_")) == "success"
    assert files(sales[1]) == before


def test_what_is_gone_is_made_again_with_what_it_needs(sales: tuple[Path, Path]):
    before = files(sales[1])
    durable = sales[1] / "durable" / "files"
    for name in ("2026-W02.txt", "2026-W02.gz"):
        (durable / "work" / "reports" / name).unlink()
    (durable / "root" / "data" / "revenue" / "2026-01-08.txt").unlink()
    result = run(*sales)
    ran = [task for task, tries in result.tries.items() if tries]
    assert sorted(task.split("_")[0] for task in ran) == ["Report", "Revenue", "Week", "schedule"]
    assert any(task.startswith("Revenue_2026_01_08_") for task in ran)
    assert files(sales[1]) == before


def test_luigi_is_never_imported_here(tmp_path: Path):
    code = "import sys; from transpilers.cli.main import app\n"
    code += "try: app(['luigi', 'work', 'T', '-o', 'out'])\nexcept SystemExit: pass\nassert 'luigi' not in sys.modules"
    (tmp_path / "work.py").write_text("import luigi\nclass T(luigi.Task):\n    pass\n")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "machine.asl.json").exists()


def test_the_same_bytes_each_time(tmp_path: Path):
    source = "class T(luigi.Task):\n    x = luigi.Parameter(default='y')\ndef make(): return T()\n"
    first, second = (bundle(tree(tmp_path, source), tmp_path / name) for name in "ab")
    for path in sorted(first.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (second / path.relative_to(first)).read_bytes()
