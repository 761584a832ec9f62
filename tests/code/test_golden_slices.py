"""Golden cases: the shipped files, their callables and every diagnostic, as text."""

from pathlib import Path

import pytest
from support.slices import FIXTURES, flaws, outcome

CASES = sorted(path for path in FIXTURES.iterdir() if path.is_dir())

# Star imports are kept as they are: pyflakes cannot see through them, and says so.
STARS = ("import *", "imported but unused", "may be undefined, or defined from star imports")


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_case(case: Path) -> None:
    expected = {
        path.relative_to(case / "expected").as_posix(): path.read_text(encoding="utf-8")
        for path in (case / "expected").rglob("*")
        if path.is_file()
    }
    assert outcome(case) == expected


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_shipped_files_are_clean(case: Path) -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in (case / "expected" / "files").rglob("*.py")}
    stars = any("import *" in text for text in files.values())
    found = [line for line in flaws(files).splitlines() if not (stars and any(each in line for each in STARS))]
    # A package's `__init__` imports for others.
    assert [line for line in found if not line.startswith("__init__.py")] == []


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_every_refusal_has_a_reason(case: Path) -> None:
    given = outcome(case)
    refused = [line.partition(":")[0] for line in given["callables.txt"].splitlines() if line.endswith(": refused")]
    errors = [line for line in given["diagnostics.txt"].splitlines() if ": error[SW5" in line]
    assert bool(refused) == bool(errors)
    assert len(errors) >= len(refused)
