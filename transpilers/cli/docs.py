"""Writes the documentation that is made from the code (`make docs`): `python -m transpilers.cli.docs`."""

from __future__ import annotations

import sys
from pathlib import Path

from transpilers.cli.docs_airflow import arguments_page, support_table
from transpilers.cli.docs_luigi import contrib_page
from transpilers.cli.docs_rules import rules_page
from transpilers.cli.docs_schema import schema_page
from transpilers.cli.registry import all_rules

README, BEGIN, END = "README.md", "<!-- supported:begin -->", "<!-- supported:end -->"


def generated(root: Path) -> dict[str, str]:
    """The generated files by their path below `root`, the project's folder.

    Of README.md only what stands between its markers is made; raises ValueError where it has none.
    """
    return {
        "docs/airflow.md": arguments_page(),
        "docs/diagnostics.md": rules_page(all_rules().values()),
        "docs/ir.schema.json": schema_page(),
        "docs/luigi-contrib.md": contrib_page(),
        README: filled((root / README).read_text(encoding="utf-8"), support_table()),
    }


def filled(text: str, table: str) -> str:
    """`text` with `table` between its markers, in place of what was there."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"no {BEGIN} ... {END}")
    return f"{before}{BEGIN}\n{table}{END}{after}"


def main(root: Path) -> None:
    """Write what has changed, and say so."""
    for name, text in generated(root).items():
        path = root / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {name}\n")


if __name__ == "__main__":
    main(Path(__file__).parents[2])
