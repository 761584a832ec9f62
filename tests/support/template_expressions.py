"""`make templates`: expressions of real DAG files, rendered by Airflow 3 and 2.11 and by the handler, as a table.

Collects what is written in templates in public DAG files of the package index (those of `make corpus`), adds what
`fixtures/templates/template_written.py` names by hand, asks each Airflow for every rendering on ten dates, into a text
and natively, and writes `fixtures/templates/` and `docs/templates.md`.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from support import corpus
from support.airflow2 import MISSING
from support.template_sources import Collected, beside, collected, held
from support.templates import FOLDER, KINDS, ROOT, every, module, ours, params, verdict

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
#: Earlier releases, whose wheels held examples.
EARLIER = {
    "apache-airflow": "1.10.15",
    "apache-airflow-providers-amazon": "3.4.0",
    "apache-airflow-providers-apache-beam": "3.4.0",
    "apache-airflow-providers-google": "6.8.0",
    "apache-airflow-providers-microsoft-azure": "3.9.0",
    "apache-airflow-providers-papermill": "2.2.3",
}
#: Texts that show where something lies on this machine. The handler has to refuse what they come from, so that no other
#: word about them is kept: any text of ours would differ.
OF_THIS_MACHINE = re.compile(
    r" at 0x[0-9a-f]+|hostname=|" + re.escape(f"{tempfile.gettempdir()}/{tempfile.gettempprefix()}")
)
#: One that is kept for `make test`: others say nothing that it does not.
KEPT = DATES[4]
VERDICTS = ("equal", "equal error", "refused", "different")
HEAD = "| dialect | rendered | expressions | equal | equal error | refused | different |"


def main() -> int:
    """Collect, ask, compare, write; 1 where a rendering is another than Airflow's."""
    interpreters = {"airflow-3": Path(sys.executable), "airflow-2": ROOT / "build" / "airflow-2" / "bin" / "python"}
    if not interpreters["airflow-2"].exists():
        print(MISSING, file=sys.stderr)
        return 2
    found = collected({package: beside(paths) for package, paths in (corpus.sources() | earlier()).items()})
    write_module(found.expressions)
    expressions, real = every(), len(found.expressions)
    rows: dict[str, list[str]] = {"collected": [], "by hand": []}
    refused: set[str] = set()
    different: list[str] = []
    for dialect, python in interpreters.items():
        asked = {date: airflow(date, python) for date in DATES}
        mine = {date: ours(dialect, date, expressions) for date in DATES}
        for kind in KINDS:
            verdicts = [
                verdict([(tuple(asked[date][kind][place]), mine[date][kind][place]) for date in DATES])
                for place in range(len(expressions))
            ]
            rows["collected"].append(_row(dialect, kind, verdicts[:real]))
            rows["by hand"].append(_row(dialect, kind, verdicts[real:]))
            said = list(zip(expressions, verdicts, strict=True))
            refused |= {expression for expression, what in said if what == "refused"}
            different += [f"{dialect} {kind}: {one!r}" for one, what in said if what == "different"]
            print(dialect, kind, dict(Counter(verdicts)), file=sys.stderr)
        judged = params(dialect)
        different += [
            f"{dialect} param: {case}: {theirs}, not {ours}"
            for case, theirs, ours in zip(module("template_params").CASES, asked[KEPT]["params"], judged, strict=True)
            if theirs != ours
        ]
        (FOLDER / f"{dialect}.json").write_text(_kept(asked[KEPT]), encoding="utf-8")
    print("\n".join(different))
    (ROOT / "docs" / "templates.md").write_text(_document(found, rows, sorted(refused), different), encoding="utf-8")
    return 1 if different else 0


def earlier() -> dict[str, list[Path]]:
    """Example files of earlier releases by package, fetched where they are not there yet."""
    folder = ROOT / "build" / "templates" / "packages"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        wanted = [f"{name}=={version}" for name, version in EARLIER.items()]
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*pip, "--dest", str(folder), *wanted], check=True)
        for wheel in sorted(folder.glob("*.whl")):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder / "-".join(wheel.name.split("-")[:2]))
        (folder / "done").touch()
    return {
        f"{name.removeprefix('apache-airflow-providers-')} {version}": sorted(
            path
            for path in (folder / f"{name.replace('-', '_')}-{version}").rglob("*.py")
            if "example_dags" in path.parts
        )
        for name, version in EARLIER.items()
    }


def write_module(expressions: Sequence[str]) -> None:
    """The module beside the DAG, with what the expressions ask for."""
    written = module("template_written")
    lines = ['"""Written by `make templates`: expressions of real DAG files, and what they ask for."""', ""]
    lines += ["EXPRESSIONS = [", *(f"    {one!r}," for one in expressions), "]"]
    for name, values in held(expressions).items():
        lines.append(f"{name} = {values | getattr(written, name)!r}")
    (FOLDER / "template_expressions.py").write_text("\n".join([*lines, ""]), encoding="utf-8")


def airflow(date: str, python: Path) -> dict[str, list[Any]]:
    """Airflow's own renderings of all expressions on one date and its judgement of params.

    Kept in `build/` for as long as the expressions are the same.
    """
    sources = b"".join(path.read_bytes() for path in sorted(FOLDER.glob("*.py")))
    key = hashlib.sha256(sources + f"{date} {python}".encode()).hexdigest()
    kept = ROOT / "build" / "templates" / f"{key[:16]}.json"
    if not kept.exists():
        with tempfile.TemporaryDirectory() as scratch:
            judged = [Judged(FOLDER / "dag.py")]
            conf = module("template_expressions").CONF
            [answer] = run_airflow(judged, Path(scratch), python=python, allow_network=True, date=date, conf=conf)
        if isinstance(answer, OracleFailed):
            raise answer
        values: Any = answer["templates"].values
        found = {**values["render"]["return_value"], "params": values["params"]["return_value"]}
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(found))
    return json.loads(kept.read_text())


def _kept(asked: Mapping[str, Sequence[Any]]) -> str:
    lines = [
        f'"{kind}": [\n' + ",\n".join(json.dumps(portable(one)) for one in answers) + "\n]"
        for kind, answers in asked.items()
    ]
    return f'{{"date": "{KEPT}",\n' + ",\n".join(lines) + "}\n"


def portable(answer: Any) -> Any:
    """An answer of Airflow as it is kept, without what is another text on each machine."""
    own = isinstance(answer, list) and OF_THIS_MACHINE.search(str(answer[1])) is not None
    return [answer[0], "(of the machine)"] if own else answer


def _row(dialect: str, kind: str, verdicts: Sequence[str]) -> str:
    counts = Counter(verdicts)
    rendered = "natively" if kind == "native" else "into a text"
    return f"| {dialect} | {rendered} | {len(verdicts)} | " + " | ".join(str(counts[one]) for one in VERDICTS) + " |"


def _document(
    found: Collected, rows: Mapping[str, Sequence[str]], refused: Sequence[str], different: Sequence[str]
) -> str:
    line = "\n|" + "---|" * HEAD.count(" | ") + "---|\n"
    files = "\n".join(f"| {package} | {count} |" for package, count in found.files.items())
    differing = "\n".join(f"- `{one}`" for one in different) or "None."
    return f"""# Template expressions, rendered as Airflow renders them

Written by `make templates`. Each expression is rendered on {len(DATES)} dates (a leap day, changes of clocks, ends of
years, fractions of seconds) by Airflow 3.3, by Airflow 2.11 and by the handler, into a text and natively
(`render_template_as_native_obj`), and the texts, the types of native values and the classes of errors are compared.
`equal error`: both fail, with an error of the same class, on at least one date. `refused`: it asks for what the machine
does not have, and is an error (SW404 when it is compiled, else ContextMissing when it runs), never a wrong text.

## Of real DAGs

{len(found.expressions)} expressions, whole strings and each `{{{{ ... }}}}` in them, of {sum(found.files.values())}
files in {len(found.files)} packages. Where they ask for params, variables, `dag_run.conf` or the values of other tasks,
the run holds some under these names. A word of the table is the worst of all ten dates.

{HEAD}{line}{chr(10).join(rows["collected"])}

| files with templates of | files |
|---|---|
{files}

Left out: {found.unstable} that differ from one second or machine to the next (`now()`, `uuid`, `start_date`), and
strings of more than 400 characters, of which the expressions are taken one by one. What an f-string fills in is another
name.

## By hand

What the documentation names and examples do not have: `fixtures/templates/template_written.py`.

{HEAD}{line}{chr(10).join(rows["by hand"])}

## Params

{len(module("template_params").CASES)} pairs of a schema and a value, taken or refused with the same error in both
dialects.

## Differences

{differing}

## Refused

In one of the dialects at least:

{chr(10).join(f"- `{_line(one)}`" for one in refused)}
"""


def _line(text: str) -> str:
    """A text of several lines in one."""
    return " ".join(text.split())


if __name__ == "__main__":
    sys.exit(main())
