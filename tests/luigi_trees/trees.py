"""Task trees for the tests: a folder, a module in it, and what is left behind."""

from __future__ import annotations

from pathlib import Path

from core_compiler.bundle import write_bundle
from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink, to_text
from transpilers.importer import Imported
from transpilers.local import run_bundle
from transpilers.local.run import RunResult
from transpilers.luigi.importer import read

FIXTURES = Path(__file__).parents[2] / "fixtures" / "luigi"
HEAD = "import luigi\n"


def tree(folder: Path, source: str, *arguments: str, **options: object) -> Imported:
    """The tree of a module `work` with this source."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "work.py").write_text(HEAD + source)
    return read(["work", *arguments] if arguments else ["work:make"], folder=folder, **options)  # pyright: ignore


def bundle(imported: Imported, folder: Path) -> Path:
    """The tree compiled, without errors."""
    [entry] = imported.workflows
    assert entry.workflow is not None, to_text(imported.diagnostics)
    sink = Sink()
    compiled = compile_workflow(entry.workflow, sink)
    assert compiled is not None, to_text(sink.diagnostics)
    assert write_bundle(compiled, folder, sink)
    return folder


def run(path: Path, store: Path) -> RunResult:
    """The bundle, run."""
    return run_bundle(path, store=store.as_uri(), max_retry_wait=1)


def files(store: Path) -> dict[str, bytes]:
    """The files that tasks left, by path: those with an absolute path begin with `/`."""
    found: dict[str, bytes] = {}
    for kind, outside in (("work", ""), ("root", "/")):
        top = store / "durable" / "files" / kind
        found |= {outside + str(path.relative_to(top)): path.read_bytes() for path in top.rglob("*") if path.is_file()}
    return dict(sorted(found.items()))
