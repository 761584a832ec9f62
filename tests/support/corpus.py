"""`make corpus`: public DAG files from the package index alone, read without running them and by Airflow, as a table.

The files: examples in the wheels of Airflow 3.3 and 2.11, and the system tests in the source packages of seven
providers. Nothing of them is committed. They are judged by the live loader where their providers are installed, else by
the stub loader, which runs them with missing modules fabricated.
"""

from __future__ import annotations

import json
import re
import resource
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from support.airflow_sources import example_files

from transpilers.airflow.call import DagFile
from transpilers.airflow.differences import Difference, differences
from transpilers.airflow.live import loader as live
from transpilers.airflow.static import load

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "corpus"
TABLE = ROOT / "docs" / "corpus.md"
PROVIDERS = {
    "amazon": "9.39.0",
    "google": "22.8.0",
    "microsoft-azure": "15.2.1",
    "cncf-kubernetes": "10.25.0",
    "common-sql": "2.4.0",
    "snowflake": "6.20.0",
    "databricks": "7.23.0",
}
SECOND = "2.11.2"
#: What the system tests import from Airflow's repository, which no package holds.
HELPERS = {
    "watcher": (
        "from airflow.sdk import TriggerRule, task\n\n\n"
        "@task(trigger_rule=TriggerRule.ONE_FAILED, retries=0)\n"
        "def watcher():\n    raise RuntimeError\n"
    ),
    "system_tests": "def get_test_run(dag, **_):\n    return lambda: None\n",
    "version_compat": "AIRFLOW_V_3_0_PLUS = AIRFLOW_V_3_1_PLUS = AIRFLOW_V_3_2_PLUS = AIRFLOW_V_3_3_PLUS = True\n",
}
MAKES_A_DAG = re.compile(r"\bDAG\(|@dag\b")
GRAPH = ("dag", "task", "edge", "group", "operator", "expansion")
BATCH = 60


class Read(NamedTuple):
    """One file: where it is from, both readings, and on what they differ."""

    source: str
    static: DagFile
    judge: DagFile
    differences: tuple[Difference, ...]


def main() -> int:
    """Write the table; 1 where a graph differs in silence."""
    read_from = sources()
    files = [path for paths in read_from.values() for path in paths]
    started, used = time.perf_counter(), time.process_time()
    answers = {path: _static(path) for path in files}
    seconds, used = time.perf_counter() - started, time.process_time() - used
    judged = _judged(read_from)
    read = [
        Read(source, answers[path], judged[path], tuple(differences(answers[path], judged[path])))
        for source, paths in read_from.items()
        for path in paths
    ]
    TABLE.write_text(_document(read, len(files) / used), encoding="utf-8")
    silent = [one for one in read if any(each.kind in GRAPH for each in one.differences)]
    resolved = sum(map(_told, read))
    print(f"{len(read)} files in {seconds:.1f} s, {resolved} resolved, {len(silent)} with a graph that differs")
    for one in silent:
        print(one.static.path, json.dumps([f"{each.kind} {each.name}" for each in one.differences][:3]))
    return 1 if silent else 0


def _static(path: Path) -> DagFile:
    [found] = load([path], root=FOLDER if path.is_relative_to(FOLDER) else None)
    return found


def sources() -> dict[str, list[Path]]:
    """DAG files by where they are from, fetched where they are not there yet."""
    if not (FOLDER / "done").exists():
        _fetch()
    found = {"wheels of 3.3": example_files()}
    for name, folder in (("wheel of 2.11", "airflow2"), *((f"{name} {v}", "") for name, v in PROVIDERS.items())):
        base = FOLDER / folder if folder else FOLDER / "system" / name.partition(" ")[0].replace("-", "/", 1)
        if name.startswith("cncf"):
            base = FOLDER / "system" / "cncf" / "kubernetes"
        paths = [path for path in sorted(base.rglob("*.py")) if MAKES_A_DAG.search(path.read_text())]
        found[name] = paths
    return found


def _fetch() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    packages = FOLDER / "packages"
    packages.mkdir(parents=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(packages)]
    wanted = [f"apache-airflow-providers-{name}=={version}" for name, version in PROVIDERS.items()]
    subprocess.run([*pip, "--no-binary", ":all:", *wanted], check=True)
    subprocess.run([*pip, "--only-binary", ":all:", f"apache-airflow=={SECOND}"], check=True)
    for package in sorted(packages.iterdir()):
        if package.suffix == ".whl":
            with zipfile.ZipFile(package) as archive:
                names = [name for name in archive.namelist() if name.startswith("airflow/example_dags/")]
                archive.extractall(FOLDER / "airflow2", names)
            continue
        with tarfile.open(package) as archive:
            archive.extractall(packages, filter="data")
        folder = packages / package.name.removesuffix(".tar.gz")
        shutil.copytree(folder / "tests" / "system", FOLDER / "system", dirs_exist_ok=True)
    helpers = FOLDER / "tests_common" / "test_utils"
    helpers.mkdir(parents=True)
    for name, text in HELPERS.items():
        (helpers / f"{name}.py").write_text(text)
    for package in (helpers, helpers.parent):
        (package / "__init__.py").touch()
    (FOLDER / "done").touch()


def _judged(sources: dict[str, list[Path]]) -> dict[Path, DagFile]:
    found: dict[Path, DagFile] = {}
    for source, paths in sources.items():
        stub = source != "wheels of 3.3"
        for start in range(0, len(paths), BATCH):
            batch = paths[start : start + BATCH]
            answers = live.load(batch, time_limit=400, stub=stub, root=FOLDER if stub else None)
            found.update(zip(batch, answers, strict=True))
            print(f"judged {len(found)} files", file=sys.stderr)
    return found


def _document(read: list[Read], rate: float) -> str:
    resolved = [one for one in read if _told(one)]
    compared = [one for one in resolved if one.judge.dags]
    silent = [one for one in compared if any(each.kind in GRAPH for each in one.differences)]
    arguments = Counter(each.name for one in compared for each in one.differences if each.kind == "argument")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    tasks = sum(len(dag.calls) for one in compared for dag in one.static.dags)
    lines = [
        "# DAG files read without running them",
        "",
        "Written by `make corpus`: public DAG files of the package index, read by `transpilers.airflow.static`, and by",
        "Airflow itself (examples in the wheels of 3.3) or the stub loader (the others: their providers are missing).",
        "",
        f"- {len(read)} files, {len(resolved)} resolved ({len(resolved) / len(read):.1%}).",
        f"- {len(compared)} of those can be run too, with {tasks} tasks: {len(silent)} graphs differ.",
        f"- {rate:.0f} files a second of one core, {memory} MB.",
        "",
        "| from | files | resolved | run too | graphs that differ |",
        "|---|---|---|---|---|",
    ]
    for source in dict.fromkeys(one.source for one in read):
        own = [one for one in read if one.source == source]
        cells = [sum(one in group for one in own) for group in (resolved, compared, silent)]
        lines.append(f"| {source} | {len(own)} | {' | '.join(map(str, cells))} |")
    lines += ["", "## Not resolved", "", "| file | line | reason |", "|---|---|---|"]
    for one in read:
        for fault in () if _told(one) else one.static.faults[:1]:
            line = fault.span.line if fault.span else 0
            lines.append(f"| {Path(one.static.path).name} | {line} | {fault.message or fault.sort} |")
    lines += ["", "## Graphs that differ", ""]
    lines += [f"- {Path(one.static.path).name}: {_shown(one)}" for one in silent] or ["None."]
    lines += ["", "## Arguments that differ", "", "A value that one side cannot tell differs from nothing.", ""]
    lines += [f"- {name}: {count}" for name, count in arguments.most_common(30)] or ["None."]
    return "\n".join(lines) + "\n"


def _told(one: Read) -> bool:
    """Whether the reading says what the file is; that it makes no DAG is an answer too."""
    return all(fault.sort == "no_dag" for fault in one.static.faults)


def _shown(one: Read) -> str:
    found = [f"{each.kind} {each.name}" for each in one.differences if each.kind in GRAPH]
    return ", ".join(found[:4])


if __name__ == "__main__":
    sys.exit(main())
