"""`make conformance`: every example file of the core and standard wheels, verified or refused, as a table."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from support.airflow_sources import example_files

from core_compiler.diagnostics import Diagnostic, Severity, Sink
from transpilers.airflow.call import DagFile
from transpilers.airflow.importer import lowered
from transpilers.airflow.live.loader import load
from transpilers.importer import Imported
from transpilers.verify.report import Report
from transpilers.verify.verify_airflow import Settings, verify_airflow

TABLE = Path(__file__).parents[2] / "docs" / "conformance.md"
TIME_LIMIT = 120.0
#: A file of plugins that takes its plugin from the module that the example takes its class from.
PLUGIN = """from airflow.example_dags.plugins.decreasing_priority_weight_strategy import (
    DecreasingPriorityWeightStrategyPlugin as Plugin,
)
"""
#: What Airflow itself cannot run without.
NEEDS = {
    "example_custom_weight": "with the plugin that Airflow ships beside it",
    "example_params_ui_tutorial": "started with a value for the param that has no default",
}
CONF = {"example_params_ui_tutorial": {"required_field": "a value of ten letters"}}
#: All files of one process share its time limit.
BATCH = 6


def main() -> int:
    """Write the table; 1 where a compiled DAG is not equal."""
    paths = example_files()
    files = load(paths, time_limit=400)
    imported = [lowered(file, "python", None, Sink()) for file in files]
    rows: list[str] = []
    verdicts: Counter[str] = Counter()
    reports = _reports(paths, imported)
    for path, file, one in zip(paths, files, imported, strict=True):
        verdict, why = _verdict(path, one, reports.get(path))
        verdicts[verdict] += 1
        tasks = sum(len(dag.calls) for dag in file.dags)
        rows.append(f"| {path.stem} | {len(file.dags)} | {tasks} | {verdict} | {why} |")
    TABLE.write_text(_document(rows, verdicts, files), encoding="utf-8")
    print(f"{len(rows)} files: " + ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common()))
    return 1 if verdicts["not equal"] else 0


def _reports(paths: Sequence[Path], imported: Sequence[Imported]) -> dict[Path, Report]:
    """What `verify` says of each file with a DAG that is taken."""
    taken = [
        (path, one) for path, one in zip(paths, imported, strict=True) if any(entry.workflow for entry in one.workflows)
    ]
    common = [pair for pair in taken if pair[0].stem not in CONF]
    batches = [common[start : start + BATCH] for start in range(0, len(common), BATCH)]
    batches += [[pair] for pair in taken if pair[0].stem in CONF]
    found: dict[Path, Report] = {}
    with tempfile.TemporaryDirectory(prefix="conformance-") as plugins:
        (Path(plugins) / "plugin.py").write_text(PLUGIN)
        for batch in batches:
            conf = CONF.get(batch[0][0].stem)
            settings = Settings(time_limit=TIME_LIMIT * len(batch), conf=conf, plugins=Path(plugins))
            reports = verify_airflow(batch, settings)
            found.update((path, report) for (path, _), report in zip(batch, reports, strict=True))
            print(f"verified {len(found)} of {len(taken)}", file=sys.stderr)
    return found


def _verdict(path: Path, imported: Imported, report: Report | None) -> tuple[str, str]:
    errors = [found for found in imported.diagnostics if found.severity is Severity.ERROR]
    why = "; ".join(_reasons(errors))
    if report is None:
        return ("refused", why) if errors else ("no DAG", "nothing in the file makes one here")
    ended = f"{report.tasks} tasks and {report.values} values compared"
    if path.stem in NEEDS:
        ended = f"{ended}, {NEEDS[path.stem]}"
    if report.differences:
        return "not equal", f"{len(report.differences)} differences in {ended}"
    if not report.tasks:
        return "not run", "; ".join(_reasons(report.diagnostics))
    return ("equal in part", f"{ended}; of the rest: {why}") if errors else ("equal", ended)


def _reasons(found: Sequence[Diagnostic]) -> Iterator[str]:
    """The first diagnostic of each code, and how many more there are."""
    times = Counter(one.code for one in found)
    said: set[str] = set()
    for one in found:
        if one.code not in said and one.severity is Severity.ERROR:
            said.add(one.code)
            more = f" (and {times[one.code] - 1} more)" if times[one.code] > 1 else ""
            text = " ".join(one.message.split()).replace("|", "\\|")
            yield f"{one.code} line {one.line}: {text}{more}"


def _document(rows: Sequence[str], verdicts: Counter[str], files: Sequence[DagFile]) -> str:
    names = "apache-airflow", "apache-airflow-providers-standard"
    versions = " and ".join(f"{name} {version(name)}" for name in names)
    dags = sum(len(file.dags) for file in files)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common())
    head = f"""# The examples that Airflow ships

Every example file of {versions}: {len(rows)} files, {dags} DAGs. Compiled, each is run by `dag.test()` and by its
machine, with the network off, and statuses, tries, skips and values are compared; refused, the reasons are given.
`make conformance` writes this table.

{counts}.

| file | DAGs | tasks | verdict | what was compared, or why not |
|---|---|---|---|---|
"""
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
