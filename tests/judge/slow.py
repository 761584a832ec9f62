"""The slow arm: the same descriptions as DAG files, run by `dag.test()`, held to what the machine did, undisturbed and
with its invocations killed.

Airflow's own word, so no model is between: statuses, tries, skips, values and the run's end are compared as `verify`
compares them. What `timing` names is left out, task by task; and there Airflow is held to `ticks`, as everywhere. (Not
Airflow 2: it runs the tasks of a tick in the order of a set of objects.)
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, cast
from unittest.mock import patch

import msgspec
from judge.calls import FAIL_FAST
from judge.compare import Difference, Ran
from judge.fast import Machine, compiled_from, interpret
from judge.render import render
from judge.sandbox import Kills
from judge.spec import Kind, Spec
from judge.ticks import run_ticks
from judge.timing import timing
from judge.wire import WORK, wire

import transpilers.verify.airflow
from core_compiler.ir import Workflow
from transpilers.airflow.call import DagCall, DagFile
from transpilers.airflow.differences import differences
from transpilers.airflow.live.loader import load
from transpilers.airflow.static.loader import load as load_statically
from transpilers.verify.airflow import Judged, OracleFailed, run_airflow
from transpilers.verify.compare import compare
from transpilers.verify.outcome import Outcome, TaskOutcome
from transpilers.verify.skips import with_skips

#: A process of Airflow grows with each DAG that it runs.
BATCH = 30
SECONDS_EACH = 30.0
#: A tenth of all invocations dies. Not by time-outs: those cost a try, which Airflow would have to lose too.
CRASHES = Kills(rate=0.1)
ORACLE = Path(__file__).with_name("oracle_script.py")


class Compared(NamedTuple):
    """A description, and how two sides each differ: the machine from Airflow, the same with `deaths` of its
    invocations, `ticks` from Airflow, what the live loader says of the file from the wire that the fast arm makes, and
    what the static loader says from that wire, and its machine from the live one's.
    `raced`: how many tasks only `ticks` is held to."""

    spec: Spec
    machine: Sequence[Difference]
    killed: Sequence[Difference] = ()
    ticks: Sequence[Difference] = ()
    wire: Sequence[Difference] = ()
    static: Sequence[Difference] = ()
    raced: int = 0
    invocations: int = 0
    deaths: int = 0

    @property
    def differs(self) -> bool:
        """Whether anything does."""
        return bool(self.all)

    @property
    def all(self) -> list[Difference]:
        """Every difference."""
        return [*self.machine, *self.killed, *self.ticks, *self.wire, *self.static]


def judge_airflow(specs: Sequence[Spec], python: Path | None = None, structure: str = "auto") -> Iterator[Compared]:
    """Run each description by both sides and compare, a batch at a time."""
    for start in range(0, len(specs), BATCH):
        batch = specs[start : start + BATCH]
        with tempfile.TemporaryDirectory(prefix="judge-") as scratch:
            folder = Path(scratch).resolve()
            paths = written(batch, folder / "source")
            loaded = load(paths, python=python, time_limit=60 + SECONDS_EACH * len(paths))
            answers = asked(batch, paths, folder / "airflow", python)
            static = load_statically(paths)
            for spec, file, answer, read in zip(batch, loaded, answers, static, strict=True):
                if isinstance(answer, OracleFailed) or len(file.dags) != 1:
                    told = str(answer) if isinstance(answer, OracleFailed) else str(file.faults)
                    yield Compared(spec, [Difference("", told, "a run")])
                else:
                    yield _compared(spec, file, read, answer[spec.name], structure)


def written(specs: Sequence[Spec], folder: Path) -> list[Path]:
    """One file a DAG beside the module that all use."""
    folder.mkdir()
    text = WORK.read_text()
    # Where Airflow 2 has its exceptions.
    (folder / WORK.name).write_text(text if specs[0].major == 3 else text.replace("airflow.sdk.", "airflow."))
    paths = [folder / f"{spec.name}.py" for spec in specs]
    for path, spec in zip(paths, specs, strict=True):
        path.write_text(render([spec]))
    return paths


def asked(
    specs: Sequence[Spec], paths: Sequence[Path], folder: Path, python: Path | None
) -> list[dict[str, Outcome] | OracleFailed]:
    """What Airflow makes of the files."""
    folder.mkdir()
    files = [Judged(path, (spec.name,)) for path, spec in zip(paths, specs, strict=True)]
    with patch.object(transpilers.verify.airflow, "SCRIPT", ORACLE):
        return run_airflow(files, folder, python=python, time_limit=120 + SECONDS_EACH * len(files))


def _compared(spec: Spec, live: DagFile, read: DagFile, answer: Outcome, structure: str) -> Compared:
    path = Path(live.path)
    machine = compiled_from(live.dags[0], path, structure, major=spec.major)
    workflow = machine.compiled.workflow
    source = with_skips(answer, workflow)
    raced = timing(spec)
    joins = frozenset(task.id for task in spec.tasks if task.kind is Kind.EMPTY)

    def held(ran: Ran, arm: str) -> list[Difference]:
        told = compare(spec.name, source, source, outcome_of(ran, workflow), joins).differences
        return [Difference(f"{arm}{one.task}", one.source, one.machine) for one in told if one.task not in raced]

    disturbed = interpret(machine, zlib.crc32(spec.name.encode()), CRASHES)
    return Compared(
        spec,
        held(interpret(machine, 0), ""),
        held(disturbed, "killed, "),
        list(_ticked(spec, answer, joins)) if spec.major == 3 else [],
        wire_differences(spec, live.dags[0], path.with_name(WORK.name)),
        [*_read_otherwise(spec, path, read), *_other_machine(spec, machine, path, read, structure)],
        len(raced - {""}),
        disturbed.invocations,
        disturbed.deaths,
    )


def _other_machine(spec: Spec, machine: Machine, path: Path, read: DagFile, structure: str) -> Iterator[Difference]:
    """What the static loader read becomes the same machine."""
    if len(read.dags) == 1:
        made = compiled_from(read.dags[0], path, structure, major=spec.major)
        if (made.compiled.definition, made.module) != (machine.compiled.definition, machine.module):
            yield Difference("static, the machine", machine.compiled.definition, made.compiled.definition)


def _ticked(spec: Spec, answer: Outcome, joins: frozenset[str]) -> Iterator[Difference]:
    ticked = run_ticks(spec)
    if ticked.unsure:
        return
    for name, end in ticked.tasks.items():
        found = answer.tasks[name]
        if found.state != end.status or (name not in joins and found.tries != end.tries):
            yield Difference(name, (found.state, found.tries), end)
    if answer.state != ticked.state:
        yield Difference("", answer.state, ticked.state)


def wire_differences(spec: Spec, dag: DagCall, module: Path) -> list[Difference]:
    """Where the wire made directly is not what the live loader gives, places in the DAG file aside."""
    made, given = _said(wire(spec, module)), _said(dag)
    return [
        Difference(f"wire, {name}", given.get(name), made.get(name))
        for name in sorted(made.keys() | given.keys())
        if made.get(name) != given.get(name)
    ]


def read_statically(specs: Sequence[Spec], paths: Sequence[Path]) -> list[list[Difference]]:
    """For each file how the static loader's word differs from the wire made directly."""
    files = zip(specs, paths, load_statically(paths), strict=True)
    return [list(_read_otherwise(spec, path, file)) for spec, path, file in files]


def _read_otherwise(spec: Spec, path: Path, file: DagFile) -> Iterator[Difference]:
    dag = wire(spec, path.with_name(WORK.name))
    # The static loader gives each argument its newest name.
    newest = {name.replace(FAIL_FAST[2], FAIL_FAST[3]): value for name, value in dag.kwargs.items()}
    made = DagFile(path=str(path), dialect=str(spec.major), dags=(msgspec.structs.replace(dag, kwargs=newest),))
    for one in differences(file, made):
        yield Difference(f"static, {one.subject or 'the DAG'}, {one.kind} {one.name}", one.live, one.static)
    if file.faults or not file.dags:
        yield Difference("static", "a DAG", str(file.faults))
    if file.dialect != str(spec.major):
        yield Difference("static, the dialect", spec.major, file.dialect)


def _said(dag: DagCall) -> dict[str, object]:
    """All that is said of a DAG, by what it is said of; without places, and without what was passed but is default."""
    calls = {call.task_id: msgspec.structs.replace(call, span=None, defaults={}) for call in dag.calls}
    groups = {
        f"group {group.id}": msgspec.structs.replace(group, tasks=tuple(sorted(group.tasks)), defaults={})
        for group in dag.groups
    }
    edges = sorted((edge.upstream, edge.downstream, edge.label) for edge in dag.edges)
    return {"its name": dag.dag_id, "its arguments": dag.kwargs, "its edges": edges, **calls, **groups}


def outcome_of(ran: Ran, workflow: Workflow) -> Outcome:
    """What a machine did, in the words of `verify`. Values here are small, so each is in its record."""
    values: dict[str, dict[str, object]] = {}
    for task, record in ran.records.items():
        stored = cast("Mapping[str, Mapping[str, object]]", record.values)
        if stored:
            values[task] = {key: value["inline"] for key, value in stored.items()}
    ends = {task.id: ran.tasks[task.id] for task in workflow.tasks}
    tasks = {task: TaskOutcome(end.status, end.tries) if end else TaskOutcome(None, 0) for task, end in ends.items()}
    skips = {task: tuple(sorted(record.skips)) for task, record in ran.records.items() if record.skips}
    return Outcome(ran.state, tasks, values, skips)
