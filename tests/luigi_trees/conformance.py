"""`make conformance-luigi`: Luigi's examples and its own worker tests, from its source package, into a table.

    python -m luigi_trees.conformance [PIECE ...]

Without pieces (`examples`, names of test modules) all run. Each leaves its rows in build/, and the page is made of what
is there. The package is downloaded by name, in the version that is installed, and not kept.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from luigi_trees.reasons import NOT_JUDGED
from luigi_trees.replay_tests import MODULES, replayed

from core_compiler.diagnostics import Severity
from transpilers.luigi.importer import lowered
from transpilers.luigi.loader import load
from transpilers.verify.verify_luigi import LuigiSettings, verify_luigi

PAGE = Path(__file__).parents[2] / "docs" / "conformance-luigi.md"
#: So many of Luigi's own tests are to be equal; fewer would say that the replay judges nothing.
LEAST_EQUAL = 40
#: Folders of this computer, before the name of a file.
_PATH = re.compile(r"(?<![\w/.])/(?:[\w.-]+/)+")
#: The verdict on tests that make no worker; the page counts them.
NO_WORKER = "without a worker"
#: Where Luigi's own wordcount example reads: the path is its, the file is given to both sides and never written here.
SOURCES = {f"/var/tmp/text/2026-01-0{day}.txt": f"one two\ntwo {day}\n".encode() for day in range(1, 8)}


Row = tuple[str, str, str]


class Example(NamedTuple):
    """One example as it is called; `needs`: why it cannot run here."""

    module: str
    arguments: tuple[str, ...] = ()
    needs: str = ""
    staged: Mapping[str, bytes] = MappingProxyType({})


EXAMPLES = (
    Example("hello_world", ("examples.HelloWorldTask",)),
    Example("foo", ("examples.Foo",)),
    Example("foo_complex", ("examples.Foo",)),
    Example("dynamic_requirements", ("Dynamic", "--seed", "3")),
    Example("top_artists", ("Top10Artists", "--date-interval", "2026-01")),
    Example("top_artists", ("ArtistToplistToDatabase", "--date-interval", "2026-01"), "a PostgreSQL server"),
    Example("top_artists", ("Top10Artists", "--date-interval", "2026-01", "--use-spark"), "Hadoop and Spark"),
    Example("wordcount", ("WordCount", "--date-interval", "2026-W01"), staged=SOURCES),
    Example("wordcount", ("WordCount", "--date-interval", "2026-W02")),
    Example("execution_summary_example", ("examples.EntryPoint",)),
    Example("per_task_retry_policy", ("examples.PerTaskRetryPolicy",)),
    Example("elasticsearch_index", ("IndexDocuments",), "an Elasticsearch server"),
    Example("ftp_experiment_outputs", ("ProcessingTask",), "an FTP server"),
    Example("kubernetes", ("PerlPi",), "a Kubernetes cluster"),
    Example("pyspark_wc", ("InlinePySparkWordCount",), "Spark and S3"),
    Example("spark_als", ("SparkALS",), "Hadoop and Spark"),
    Example("ssh_remote_execution", ("ProcessRemoteData",), "a host to reach by ssh"),
    Example("terasort", ("TeraSort",), "Hadoop"),
    Example("wordcount_hadoop", ("WordCount", "--date-interval", "2026-W01"), "Hadoop"),
)
#: Modules of the examples in which there is nothing to run.
NO_TASK = {"top_artists_spark": "a program that top_artists hands to Spark"}


def main(asked: Sequence[str]) -> int:
    """Write the page; 1 where something is not equal, or was never run."""
    rows = Path("build") / "conformance-luigi"
    pieces = ("examples", *MODULES)
    if unknown := set(asked) - set(pieces):
        print(f"no such pieces: {', '.join(sorted(unknown))}; there are {', '.join(pieces)}", file=sys.stderr)
        return 2
    if not asked:
        shutil.rmtree(rows, ignore_errors=True)
    rows.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="stepweave-luigi-") as scratch:
        package = fetched(Path(scratch))
        shutil.copytree(package / "examples", Path(scratch) / "source" / "examples")
        for piece in asked or pieces:
            found = _examples(Path(scratch) / "source") if piece == "examples" else _tests(package / "test", piece)
            (rows / f"{piece}.json").write_text(json.dumps(list(found)), encoding="utf-8")
    kept = {piece: rows / f"{piece}.json" for piece in pieces}
    read = {piece: json.loads(path.read_text(encoding="utf-8")) for piece, path in kept.items() if path.exists()}
    examples = read.pop("examples", [])
    tests = [row for found in read.values() for row in found]
    verdicts, judged = Counter(row[1] for row in examples), Counter(row[1] for row in tests)
    for counts in (verdicts, judged):
        print(", ".join(f"{count} {verdict}" for verdict, count in counts.most_common()))
    if missing := [piece for piece, path in kept.items() if not path.exists()]:
        print(f"not run yet, so that no page is written: {', '.join(missing)}", file=sys.stderr)
        return 1
    PAGE.write_text(_document(examples, verdicts, tests, judged), encoding="utf-8")
    bad = verdicts["not equal"] + verdicts["not run"] + judged["not equal"]
    return 1 if bad or judged["equal"] < LEAST_EQUAL else 0


def fetched(folder: Path) -> Path:
    """The source package of the Luigi that is installed, unpacked."""
    name = f"luigi=={version('luigi')}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", name]
    subprocess.run([*command, "--dest", str(folder)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    [archive] = folder.glob("luigi-*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


def _row(example: Example, source: Path) -> Row:
    asked = [f"examples.{example.module}", *example.arguments]
    shown = f"`{example.module} {' '.join(example.arguments)}`"
    print(shown, file=sys.stderr, flush=True)
    tree = load(asked, folder=source)
    imported = lowered(tree, asked, sys.executable, {}, None)
    errors = [found for found in imported.diagnostics if found.severity is Severity.ERROR]
    if errors:
        return shown, "refused", f"{errors[0].code}: {' '.join(errors[0].message.split())}"
    if example.needs:
        return shown, "compiles", f"{len(tree.tasks)} tasks; it needs {example.needs}, so that no side can run here"
    settings = LuigiSettings(python=sys.executable, source=source, staged=example.staged)
    report = verify_luigi(asked, imported, settings)
    compared = f"{report.tasks} tasks and {report.values} files compared"
    if report.equal:
        return shown, "equal", compared
    found = report.differences[0] if report.differences else None
    said = f"{found.task} {found.kind}: Luigi {found.source}, machine {found.machine}" if found else "did not run"
    return shown, "not equal" if found else "not run", said


def _examples(source: Path) -> Iterator[Row]:
    """All that the package has; one that is new in it is told, and fails."""
    yield from (_row(example, source) for example in EXAMPLES)
    named = {example.module for example in EXAMPLES}
    for path in sorted((source / "examples").glob("*.py")):
        if path.stem not in named and path.stem != "__init__":
            verdict, why = ("no task", NO_TASK[path.stem]) if path.stem in NO_TASK else ("not run", "nobody calls it")
            yield f"`{path.stem}`", verdict, why


def _tests(folder: Path, module: str) -> Iterator[Row]:
    """Each test in which a machine ran, and those that are about something else, with the reason."""
    for name, own, ours in replayed(folder, (module,)):
        print(name, file=sys.stderr, flush=True)
        if ours is None:
            # What comes after the error's class has names of the moment in it.
            yield name, "not judged", f"with Luigi's own worker it is {own.how} here: {own.why.partition(':')[0]}"
        elif reason := next((why for start, why in NOT_JUDGED.items() if name.startswith(start)), ""):
            yield name, "not judged", reason
        elif not ours.machines and ours.how == "passed":
            yield name, NO_WORKER, ""
        else:
            yield name, "equal" if ours.how == "passed" else "not equal", ours.why


def _document(examples: Sequence[Row], verdicts: Counter[str], tests: Sequence[Row], judged: Counter[str]) -> str:
    def counts(found: Counter[str]) -> str:
        return ", ".join(f"{count} {verdict}" for verdict, count in found.most_common())

    def table(rows: Sequence[Row]) -> str:
        cells = ([_PATH.sub("", cell).replace("|", chr(92) + "|") for cell in row] for row in rows)
        return "\n".join(f"| {' | '.join(row)} |" for row in cells)

    shown = [row for row in tests if row[1] != NO_WORKER]
    return f"""# Luigi's examples and tests

From the source package of Luigi {version("luigi")}; `make conformance-luigi` writes this page.

## Examples

Each is run by `luigi.build` with the local scheduler and by its machine, with the network off; statuses of tasks and
every byte of every file are compared. {counts(verdicts)}.

| example | verdict | what was compared, or why not |
|---|---|---|
{table(examples)}

## Luigi's own tests

The tests that speak of outcomes, with the machine in place of the worker's loop: what is added is compiled, the machine
runs on the local engine, and the test's own assertions judge. {counts(judged)}.
Modules: {", ".join(MODULES)}.

| test | verdict | why |
|---|---|---|
{table(shown)}
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
