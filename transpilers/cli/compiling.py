"""From what an importer read to bundles on disk, and what is said about them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from core_compiler.asl.limits import DOLLARS_PER_1000_TRANSITIONS
from core_compiler.bundle import can_replace, rules, write_bundle
from core_compiler.compiler import Compiled, compile_workflow
from core_compiler.diagnostics import Diagnostic, Sink
from core_compiler.emit import machine_name
from core_compiler.plan import EXPECTED_ITEMS
from transpilers.cli.choices import choices_of
from transpilers.cli.output import print_diagnostics, print_json, print_line
from transpilers.cli.wishes import Wishes
from transpilers.importer import Imported

USAGE, FAILED, DONE = 2, 1, 0


class Bundle(msgspec.Struct, frozen=True):
    """One row of compile's `--json`: sizes in bytes, `transitions` of a run in which nothing fails."""

    name: str
    path: str
    tasks: int
    edges: int
    states: int
    bytes: int
    transitions: int


class Result(msgspec.Struct, frozen=True):
    """What a compile command prints with `--json`."""

    bundles: tuple[Bundle, ...]
    diagnostics: tuple[Diagnostic, ...]


def compile_imported(imported: Imported, output: Path | None, stem: str, wanted: Wishes, *, as_json: bool) -> int:
    """Compile each workflow that could be read; returns the exit code.

    Each is atomic: one that is refused leaves no bundle and does not stop the others.
    """
    sink = Sink()
    sink.extend(imported.diagnostics)
    single = len(imported.workflows) == 1
    bundles: list[Bundle] = []
    blocked = False
    for entry in imported.workflows:
        folder = _folder(output, entry.id, stem, single=single)
        if not can_replace(folder):
            sink.report(rules.NOT_A_BUNDLE, subject=entry.id, path=folder)
            blocked = True
        elif entry.workflow is not None:
            own = Sink()
            compiled = compile_workflow(
                entry.workflow,
                own,
                structure_name=wanted.structure,
                durations=wanted.durations(entry.workflow, own),
                optimize=wanted.optimize,
            )
            if compiled is not None and write_bundle(compiled, folder, own):
                bundles.append(_row(compiled, folder))
                if not as_json:
                    _tell(compiled, folder)
            sink.extend(own.diagnostics)
    if as_json:
        print_json(Result(tuple(bundles), sink.diagnostics))
    else:
        print_diagnostics(sink.diagnostics)
    return USAGE if blocked else FAILED if sink.failed else DONE


def _folder(output: Path | None, name: str, stem: str, *, single: bool) -> Path:
    own = machine_name(name) or "workflow"
    if single:
        return output or Path("build") / own
    return (output or Path("build") / stem) / own


def _row(compiled: Compiled, folder: Path) -> Bundle:
    return Bundle(
        name=compiled.workflow.name,
        path=str(folder),
        tasks=len(compiled.workflow.tasks),
        edges=len(compiled.workflow.edges) + len(compiled.reduced),
        states=compiled.states,
        bytes=len(compiled.definition) + sum(map(len, compiled.parts.values())),
        transitions=compiled.prediction.transitions,
    )


def _tell(compiled: Compiled, folder: Path) -> None:
    row, predicted = _row(compiled, folder), compiled.prediction
    dollars = predicted.transitions * DOLLARS_PER_1000_TRANSITIONS
    reduced = f", {len(compiled.reduced)} of them redundant" if compiled.reduced else ""
    print_line(f"{row.name} -> {row.path}")
    print_line(
        f"    {_count(row.tasks, 'task')}, {_count(row.edges, 'edge')}{reduced}; up to {predicted.concurrency} at once"
    )
    print_line(f"    {row.states} states, {row.bytes:,} bytes, {predicted.events} history events{_parts(compiled)}")
    price = f"${dollars:.3f} for 1,000 runs, Lambda not counted"
    print_line(f"    {predicted.transitions} transitions a run{_items(compiled)}: {price}")
    for line in choices_of(compiled):
        print_line(f"    {line}")


def _items(compiled: Compiled) -> str:
    """What was assumed where a run alone can tell."""
    unknown = any(task.mapping is not None and task.mapping.size() is None for task in compiled.workflow.tasks)
    return f" if each list that only a run knows has {EXPECTED_ITEMS} items" if unknown else ""


def _parts(compiled: Compiled) -> str:
    if not compiled.parts:
        return ""
    largest = max(len(compiled.definition), *map(len, compiled.parts.values()))
    return f" at most; in {len(compiled.parts) + 1} machines of up to {largest:,} bytes"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
