"""Files of seeds run by Airflow (`dag.test()`) and by their machines, compared as `verify` compares them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
from judge_values.generate import generate
from judge_values.timing import decided_by_order

from core_compiler.diagnostics import Severity, Sink
from transpilers.airflow.importer import lowered
from transpilers.airflow.live.loader import load
from transpilers.verify import verify_airflow as module
from transpilers.verify.compare import compare
from transpilers.verify.outcome import Outcome

#: A process of Airflow grows with each DAG that it runs.
BATCH = 15
SECONDS_EACH = 40.0


class Judged(msgspec.Struct, frozen=True):
    """What came of a seed's file. `refused`: codes of the errors for which it was not compared; `left_out`: tasks whose
    end Airflow's own order of events decides."""

    seed: int
    tasks: int
    values: int
    differences: Sequence[str]
    refused: Sequence[str] = ()
    unstable: int = 0
    left_out: int = 0


def judged(seeds: Sequence[int]) -> Iterator[Judged]:
    """Each seed's, a batch in one process of Airflow."""
    for start in range(0, len(seeds), BATCH):
        yield from _batch(seeds[start : start + BATCH])


def _batch(seeds: Sequence[int]) -> Iterator[Judged]:
    with tempfile.TemporaryDirectory(prefix="judge-values-") as scratch:
        paths = [Path(scratch).resolve() / f"values_{seed}.py" for seed in seeds]
        for seed, path in zip(seeds, paths, strict=True):
            path.write_text(generate(seed, path.stem))
        limit = 120 + SECONDS_EACH * len(paths)
        loaded = load(paths, time_limit=limit)
        imported = [(path, lowered(file, "python", None, Sink())) for path, file in zip(paths, loaded, strict=True)]
        outcomes: dict[str, Outcome] = {}

        def compared(dag: str, first: Outcome, *others: Any) -> Any:
            outcomes[dag] = first
            return compare(dag, first, *others)

        with patch.object(module, "compare", compared):
            reports = module.verify_airflow(imported, module.Settings(time_limit=limit))
        for seed, (path, read), report in zip(seeds, imported, reports, strict=True):
            errors = [one for one in report.diagnostics if one.severity is Severity.ERROR]
            open_ = frozenset[str]()
            if report.differences:
                [entry] = read.workflows
                assert entry.workflow is not None
                open_ = decided_by_order(entry.workflow, outcomes[path.stem], report.differences)
            differences = [
                f"{one.task} {one.kind}{one.place}: Airflow {one.source!r}, machine {one.machine!r}"
                for one in report.differences
                if one.task.partition("[")[0] not in open_ and not (open_ and one.kind == "run")
            ]
            # SW3xx: one of the two sides did not come to an end, which is no refusal.
            told = [f"{one.code}: {one.message}" for one in errors]
            yield Judged(seed, report.tasks, report.values, differences, told, len(report.unstable), len(open_))
