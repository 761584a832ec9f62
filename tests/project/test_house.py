"""The house rules, as tests: format, types, import contracts, small rooms, no registry host in any file."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
# Spelled so that this file does not contain what it looks for.
HOSTS = re.compile("|".join(("pypi[.]org", "pythonhosted[.]", "registry[.]npmjs", "deb[.]debian")))
SOURCES = ("core_compiler", "handler", "transpilers")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    skipped = {".venv", "node_modules", ".git", "build"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not skipped & set(path.parts)]


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("basedpyright",), ("lint-imports",)],
    ids=" ".join,
)
def test_check(command: tuple[str, ...]):
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_no_file_names_a_registry_host():
    guilty = []
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        guilty += [f"{path.relative_to(ROOT)}: {match.group()}" for match in HOSTS.finditer(text)]
    assert not guilty


def test_rooms_are_small():
    long = {
        str(path.relative_to(ROOT)): lines
        for source in SOURCES
        for path in (ROOT / source).rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert not long
