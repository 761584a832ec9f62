"""Luigi task trees to workflows: load, lower, and say what could not be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from core_compiler.diagnostics import Rule, Sink
from transpilers.importer import Imported, ImportedWorkflow
from transpilers.luigi import rules
from transpilers.luigi.loader import load
from transpilers.luigi.lower import lower
from transpilers.luigi.wire import Fault, Tree
from transpilers.rooms import interpreter

TIME_LIMIT = 300.0
FAULTS: Mapping[str, Rule] = {
    "interpreter": rules.INTERPRETER,
    "time": rules.TIME,
    "import": rules.IMPORT,
    "task": rules.TASK,
    "factory": rules.FACTORY,
    "requires": rules.REQUIRES,
    "changes": rules.CHANGES,
    "parameter": rules.PARAMETER,
    "class": rules.CLASS,
    "data": rules.DATA_FILE,
    "secret": rules.SECRET,
}


def read(
    arguments: Sequence[str],
    *,
    folder: Path | None = None,
    python: Path | None = None,
    maps: Mapping[str, str] | None = None,
    wait: float | None = None,
    time_limit: float = TIME_LIMIT,
) -> Imported:
    """The workflow of `MODULE TASK ARGUMENT ...` as `luigi --module` takes them, or of `MODULE:FACTORY`.

    `folder`: where `luigi` would be called, the working folder by default. `maps`: stores by prefix of local paths.
    `wait`: seconds for which missing external tasks are waited for; without, they must be there. Nothing is raised for
    what is wrong with the tree: it is among the diagnostics.
    """
    tree = load(arguments, python=python, folder=folder or Path.cwd(), time_limit=time_limit)
    return lowered(tree, arguments, interpreter(python), maps or {}, wait)


def lowered(tree: Tree, arguments: Sequence[str], python: str, maps: Mapping[str, str], wait: float | None) -> Imported:
    """What the loader said, as a workflow."""
    sink = Sink()
    for fault in tree.faults:
        _report(fault, python, sink)
    name = name_of(arguments)
    if sink.failed:
        return Imported((ImportedWorkflow(name, None),), sink.diagnostics)
    workflow = lower(tree, name, arguments, maps, wait, sink)
    return Imported((ImportedWorkflow(name, workflow),), sink.diagnostics)


def name_of(arguments: Sequence[str]) -> str:
    """The workflow's name: the task's family, or the factory's."""
    module, _, factory = arguments[0].partition(":")
    return factory or (arguments[1] if len(arguments) > 1 else module)


def _report(fault: Fault, python: str, sink: Sink) -> None:
    if fault.sort == "no_luigi":
        sink.report(rules.NO_LUIGI, python=python, reason=fault.message)
        return
    subject = fault.subject or fault.message
    sink.report(FAULTS[fault.sort], fault.span, subject=subject, what=subject, reason=fault.message)
