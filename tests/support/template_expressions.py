"""`make templates`: expressions of real DAG files, rendered by Airflow 3 and 2.11 and by the handler, as a table.

Collects what is written in templates in the example files of the installed Airflows and of three providers' source
packages (`build/sdists`, from `make survey`), asks each Airflow for every rendering on ten dates, and writes
`fixtures/templates/` and `docs/templates.md`.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from support.airflow2 import MISSING
from support.templates import FOLDER, ROOT, Rendered, ours, verdict

from transpilers.verify.airflow import Judged, OracleFailed, run_airflow

DATES = (
    "2024-02-29T00:00:00+00:00",
    "2024-03-31T01:30:00+00:00",
    "2024-12-31T23:59:59.999999+00:00",
    "2025-01-01T00:00:00+00:00",
    "2025-06-15T12:34:56+00:00",
    "2025-10-26T00:30:00+00:00",
    "2025-10-26T01:30:00+00:00",
    "2026-01-01T04:30:00+00:00",
    "2026-07-04T04:29:59+00:00",
    "2026-11-30T22:15:00.250000+00:00",
)
#: What differs from itself, from one second or one machine to the next.
UNSTABLE = re.compile(r"now\(\)|uuid|random|hostname|start_date|time\.time|folder|fileloc")
LONGEST = 400


def main(roots: Sequence[str]) -> int:
    """Collect, ask, compare, write; 1 where a rendering is another than Airflow's."""
    expressions = collected([Path(root) for root in roots])
    write_module(expressions)
    interpreters = {"airflow-3": Path(sys.executable), "airflow-2": ROOT / "build" / "airflow-2" / "bin" / "python"}
    if not interpreters["airflow-2"].exists():
        print(MISSING, file=sys.stderr)
        return 2
    rows: list[str] = []
    bad = 0
    for dialect, python in interpreters.items():
        asked = {date: airflow(date, python) for date in DATES}
        found = {date: ours(dialect, date, expressions) for date in DATES}
        verdicts = {
            expression: verdict([(asked[date][place], found[date][place]) for date in DATES])
            for place, expression in enumerate(expressions)
        }
        (FOLDER / f"{dialect}.json").write_text(
            "{\n" + ",\n".join(f'"{date}": {json.dumps(asked[date])}' for date in DATES) + "\n}\n"
        )
        counts = Counter(verdicts.values())
        bad += counts["different"]
        names = ("equal", "equal error", "refused", "different")
        rows.append(f"| {dialect} | {len(expressions)} | " + " | ".join(str(counts[name]) for name in names) + " |")
        rows += [f"\n`{one}` differs in {dialect}.\n" for one, what in verdicts.items() if what == "different"]
        print(dialect, dict(counts), file=sys.stderr)
    (ROOT / "docs" / "templates.md").write_text(_document(rows))
    return 1 if bad else 0


def collected(roots: Sequence[Path]) -> list[str]:
    """Templates in strings of Python files, whole and by expression, sorted."""
    found: set[str] = set()
    for root in roots:
        for path in root.rglob("*.py"):
            try:
                tree = ast.parse(path.read_bytes())
            except (SyntaxError, ValueError):
                continue
            said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
                    found.update(_templates(node.value))
    return sorted(one for one in found if not UNSTABLE.search(one))


def _templates(text: str) -> Iterator[str]:
    if ("{{" in text or "{%" in text) and len(text) <= LONGEST:
        yield text
        yield from re.findall(r"\{\{.*?\}\}", text, re.DOTALL)


def write_module(expressions: Sequence[str]) -> None:
    """The module beside the DAG, with what the expressions ask for."""
    whole = "\n".join(expressions)
    params = {name: f"the param {name}" for name in sorted(set(re.findall(r"params\.(\w+)", whole)))}
    variables = {name: f"the variable {name}" for name in sorted(set(re.findall(r"var\.value\.(\w+)", whole)))}
    variables |= dict.fromkeys(sorted(set(re.findall(r"var\.json\.(\w+)", whole))), '{"key": [1, {"a": "b"}]}')
    variables.pop("get", None)
    lines = ['"""Written by `make templates`: expressions of real DAG files, and what they ask for."""', ""]
    lines += ["EXPRESSIONS = [", *(f"    {one!r}," for one in expressions), "]", f"PARAMS = {params!r}"]
    (FOLDER / "template_expressions.py").write_text("\n".join([*lines, f"VARIABLES = {variables!r}", ""]))


def airflow(date: str, python: Path) -> list[Rendered]:
    """Airflow's own renderings of all expressions on one date, kept in `build/` for as long as they are the same."""
    key = hashlib.sha256((FOLDER / "template_expressions.py").read_bytes() + f"{date} {python}".encode()).hexdigest()
    kept = ROOT / "build" / "templates" / f"{key[:16]}.json"
    if kept.exists():
        return [(kind, text) for kind, text in json.loads(kept.read_text())]
    with tempfile.TemporaryDirectory() as scratch:
        judged = [Judged(FOLDER / "dag.py")]
        [answer] = run_airflow(judged, Path(scratch), python=python, allow_network=True, date=date)
    if isinstance(answer, OracleFailed):
        raise answer
    found: Any = answer["templates"].values["render"]["return_value"]
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(found))
    return [(kind, text) for kind, text in found]


def _document(rows: Sequence[str]) -> str:
    return (
        """# Template expressions, rendered as Airflow renders them

Expressions in the example files of the installed Airflows and of the source packages of the providers for Amazon,
Google and Databricks, whole strings and each `{{ ... }}` in them. Each is rendered on ten dates (leap day, changes of
clocks, ends of years, fractions of seconds) by Airflow itself and by the handler. `equal error`: both fail, with an
error of the same class (most ask for what only their own DAG defines). `refused`: it asks for what the machine does not
have, and is an error, never a wrong text. `make templates` writes this table.

| dialect | expressions | equal | equal error | refused | different |
|---|---|---|---|---|---|
"""
        + "\n".join(rows)
        + "\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
