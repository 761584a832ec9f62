"""docs/judge.md: what the make targets found when they were last run, a section each."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "judge.md"
HEAD = """# What the judge found

Random DAGs, their machines held to a model of Airflow and to Airflow itself; `docs/design/007-judge.md` says how. Each
section is written by the target that it names, on the computer and at the commit of that day.
"""


def record(target: str, text: str) -> None:
    """Put what `make TARGET` printed into its section."""
    section = f"## `make {target}`\n\n```text\n{text.rstrip()}\n```\n"
    there = PAGE.read_text() if PAGE.exists() else HEAD
    found = re.search(rf"^## `make {re.escape(target)}`$.*?(?=^## |\Z)", there, re.MULTILINE | re.DOTALL)
    if found is None:
        PAGE.write_text(f"{there.rstrip()}\n\n{section}")
    else:
        whole = there[: found.start()] + section + "\n" + there[found.end() :]
        PAGE.write_text(whole.rstrip() + "\n")
