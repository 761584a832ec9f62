"""What each structure costs in time and in transitions, over two sets of 18 families of graphs and kinds of durations.

    python benchmarks/structure.py [--seeds N] [--only SET] [--write docs/structures.md]

Half of the families are in both sets: Airflow-like, layered, Dask trees and shuffles, FFT, grids, Cholesky, LU. The
other half are shapes of scientific workflows: in the set `shapes` those that `scientific` draws, in the set `recipes`
those that WfCommons makes out of recorded runs.

The makespan is that of the verified plan with unlimited concurrency, over the graph's critical path. Durations are 10
seconds on the mean, `recorded` ones too. `known`: the plan is made for the very durations it is timed with. `unknown`:
it is made without any. `misestimated`: for durations that are off by a factor of exp(N(0, 0.5)).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from statistics import fmean
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import families
import recipes
import scientific

from core_compiler.diagnostics import Sink
from core_compiler.ir import Edge, NoOp, Task, Workflow
from core_compiler.passes import PASSES, run_passes
from core_compiler.plan import Durations, structure
from core_compiler.plan.evaluate import OVERHEAD, Timing, transitions

STRUCTURES = ("layers", "nested", "rendezvous", "auto")
MEAN_SECONDS = 10.0
Family = Callable[[int], scientific.Shape]
COMMON: Mapping[str, Family] = {
    "airflow 60": scientific.airflow(60),
    "airflow 150": scientific.airflow(150),
    "layered 96": scientific.layered,
    "tree 95": scientific.fixed(families.tree, 95),
    "shuffle 80": scientific.fixed(families.shuffle, 80),
    "fft 80": scientific.fixed(families.fft, 80),
    "grid 100": scientific.fixed(families.grid, 100),
    "cholesky 84": scientific.fixed(families.cholesky, 75),
    "lu 55": scientific.fixed(families.lu, 50),
}
SETS: Mapping[str, Mapping[str, Family]] = {
    "shapes": {
        "article": scientific.article,
        **COMMON,
        "montage": scientific.montage,
        "epigenomics": scientific.epigenomics,
        "1000 genomes": scientific.genome,
        "cycles": scientific.cycles,
        "seismology": scientific.seismology,
        "soykb": scientific.soykb,
        "srasearch": scientific.srasearch,
        "bwa": scientific.bwa,
    },
    "recipes": {**COMMON, **{name: recipes.shape(name) for name in recipes.RECIPES}},
}
REAL: Mapping[str, Callable[[Random], float]] = {
    "lognormal": lambda random: random.lognormvariate(0, 1),
    "pareto": lambda random: random.paretovariate(1.2),
    "equal": lambda random: 1.0,
}
RECORDED = "recorded"


class Case(NamedTuple):
    """What a plan is made for, and what it is timed with."""

    name: str
    real: str
    plan_for: Callable[[dict[str, float], Random], Durations]


def _known(seconds: dict[str, float], _: Random) -> Durations:
    return Durations(seconds)


def _unknown(seconds: dict[str, float], _: Random) -> Durations:
    return Durations(dict.fromkeys(seconds, MEAN_SECONDS), 1.0)


def _off(seconds: dict[str, float], random: Random) -> Durations:
    return Durations({task: own * random.lognormvariate(0, 0.5) for task, own in seconds.items()}, 0.5)


CASES = (
    Case("known, lognormal", "lognormal", _known),
    Case("known, Pareto", "pareto", _known),
    Case("known, equal", "equal", _known),
    Case("known, recorded", RECORDED, _known),
    Case("unknown, lognormal", "lognormal", _unknown),
    Case("unknown, Pareto", "pareto", _unknown),
    Case("unknown, equal", "equal", _unknown),
    Case("misestimated, lognormal", "lognormal", _off),
)


class Row(NamedTuple):
    """A plan, timed: ratios to the critical path without and with overhead, transitions a task, seconds to make it."""

    family: str
    case: str
    structure: str
    bare: float
    ratio: float
    transitions: float
    seconds: float


def workflow_of(shape: scientific.Shape) -> Workflow:
    """A workflow of tasks that do nothing, through the passes."""
    count, edges = shape
    tasks = tuple(Task(id=f"t{index}", component=NoOp()) for index in range(count))
    made = Workflow(name="w", tasks=tasks, edges=tuple(Edge(f"t{u}", f"t{v}") for u, v in edges))
    passed = run_passes(made, PASSES, Sink())
    assert passed is not None
    return passed


def critical_path(workflow: Workflow, seconds: Mapping[str, float]) -> float:
    """The longest chain; the workflow's tasks are in topological order of their numbers."""
    ends: dict[str, float] = {}
    above: dict[str, list[str]] = {}
    for edge in workflow.edges:
        above.setdefault(edge.downstream, []).append(edge.upstream)

    def end(task: str) -> float:
        if task not in ends:
            ends[task] = seconds[task] + max((end(other) for other in above.get(task, ())), default=0.0)
        return ends[task]

    return max(end(task.id) for task in workflow.tasks)


def measure(family: str, make: Family, seeds: int) -> list[Row]:
    """Every structure on every case and seed of a family."""
    rows: list[Row] = []
    for seed in range(seeds):
        workflow = workflow_of(make(seed))
        for case in CASES:
            if case.real != RECORDED:
                random = Random(1000 + seed)
                drawn = [REAL[case.real](random) for _ in workflow.tasks]
                rows += _timed(family, workflow, case, drawn, random)
            elif family in recipes.RECIPES and not seed:
                rows += _timed(family, workflow, case, recipes.made()[family].seconds, Random(0))
    print(family, file=sys.stderr, flush=True)
    return rows


def _timed(family: str, workflow: Workflow, case: Case, drawn: Sequence[float], random: Random) -> list[Row]:
    scale = MEAN_SECONDS / fmean(drawn)
    seconds = {f"t{number}": own * scale for number, own in enumerate(drawn)}
    durations = case.plan_for(seconds, random)
    path = critical_path(workflow, seconds)
    rows: list[Row] = []
    for name in STRUCTURES:
        started = time.process_time()
        plan = structure(workflow, name, durations)
        spent = time.process_time() - started
        timing = Timing(plan)
        bare, ratio = (timing.schedule(seconds, overhead).makespan / path for overhead in (0.0, OVERHEAD))
        rows.append(Row(family, case.name, name, bare, ratio, transitions(plan) / len(workflow.tasks), spent))
    return rows


def table(rows: Sequence[Row], column: Callable[[Row], float], by: Callable[[Row], str]) -> list[str]:
    """A Markdown table: for each `by`, the mean and the worst of `column` for each structure."""
    lines = ["| | " + " | ".join(STRUCTURES) + " |", "|---|" + "---|" * len(STRUCTURES)]
    for name in dict.fromkeys(map(by, rows)):
        cells: list[str] = []
        for kind in STRUCTURES:
            found = [column(row) for row in rows if by(row) == name and row.structure == kind]
            cells.append(f"{fmean(found):.3f} ({max(found):.3f})")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def summary(rows: Sequence[Row]) -> str:
    """The tables for the documentation."""
    parts = (
        ("States take no time", table(rows, lambda r: r.bare, lambda r: r.case)),
        (f"The same with {OVERHEAD * 1000:.0f} ms a state", table(rows, lambda r: r.ratio, lambda r: r.case)),
        ("Transitions a task", table(rows, lambda r: r.transitions, lambda r: r.case)),
    )
    return _titled(parts) + "\n\n" + _above_layers(rows)


def details(rows: Sequence[Row]) -> str:
    """Tables by family."""
    unknown = [row for row in rows if row.case == "unknown, lognormal"]
    known = [row for row in rows if row.case == "known, lognormal"]
    parts = (
        (
            "Each family, nothing known, log-normal, with overhead",
            table(unknown, lambda r: r.ratio, lambda r: r.family),
        ),
        ("Each family, known, log-normal, with overhead", table(known, lambda r: r.ratio, lambda r: r.family)),
        ("Transitions a task, known, log-normal", table(known, lambda r: r.transitions, lambda r: r.family)),
        ("Seconds of CPU to make a plan", table(rows, lambda r: r.seconds, lambda r: r.case)),
    )
    return _titled(parts)


def _titled(parts: Sequence[tuple[str, list[str]]]) -> str:
    return "\n\n".join(f"#### {title}\n\n" + "\n".join(lines) for title, lines in parts)


def _above_layers(rows: Sequence[Row]) -> str:
    """In which runs `auto` takes longer than layers, states and all; each run's rows follow each other."""
    above: dict[tuple[str, str], float] = {}
    layers = 0.0
    for row in rows:
        if row.structure == "layers":
            layers = row.ratio
        elif row.structure == "auto" and row.ratio > layers + 1e-9:
            key = row.family, row.case
            above[key] = max(above.get(key, 0.0), row.ratio / layers - 1)
    named = ", ".join(f"{family} ({case}: {more:.2%})" for (family, case), more in sorted(above.items())) or "none"
    return f"Runs in which `auto` takes longer than layers, with {OVERHEAD * 1000:.0f} ms a state: {named}."


def write(page: Path, chosen: str, text: str) -> None:
    """Put the tables of a set between its marks on a page."""
    mark = f"<!-- {chosen} -->"
    before, _, after = page.read_text().split(mark)
    page.write_text(f"{before}{mark}\n{text}\n{mark}{after}")


def main() -> None:
    """Measure, print, and write the document if asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", choices=SETS)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    measured: dict[str, list[Row]] = {}
    for name in [options.only] if options.only else SETS:
        for family, make in SETS[name].items():
            if family not in measured:
                measured[family] = measure(family, make, options.seeds)
        rows = [row for family in SETS[name] for row in measured[family]]
        rows.sort(key=lambda row: [case.name for case in CASES].index(row.case))
        text = summary(rows)
        print(f"### {name}\n\n{text}\n\n{details(rows)}\n")
        if options.write:
            write(options.write, name, text)


if __name__ == "__main__":
    main()
