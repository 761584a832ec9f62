"""`make judge-airflow`: hundreds of DAGs run by Airflow itself. Prints one table; exit 1 on a difference.

    PYTHONPATH=tests:. python -m judge.judge_airflow [--dags N] [--seed FIRST] [--write] [--python PATH] [--structure S]

Four of five have no races (`timing`), so that all their tasks are compared; the others show Airflow's own order.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from judge.features import supported, words
from judge.generate import generate
from judge.record import record
from judge.shrink import shown
from judge.slow import Compared, judge_airflow
from judge.spec import Spec
from judge.table import table

from core_compiler.plan import STRUCTURES

HEAD = ("DAGs", "seeds", "number", "tasks", "compared", "left out", "machine", "ticks", "wire", "static", "seconds")


def main() -> int:
    """Print the table, and what differed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dags", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="into docs/judge.md too")
    parser.add_argument("--python", type=Path, help="an interpreter with Airflow 2.11, which then is the judge")
    parser.add_argument("--structure", default="auto", choices=sorted(STRUCTURES))
    given = parser.parse_args()
    major = 2 if given.python else 3
    calm, racing = supported(races=False, major=major), supported(major=major)
    print(f"structure: {given.structure}; features: {words(calm)}", flush=True)
    few = given.dags // 5 if major == 3 else 0
    first, last = given.seed, given.seed + given.dags
    rows: list[tuple[object, ...]] = []
    found: list[Compared] = []
    for name, seeds, features in (
        ("without races", range(first, last - few), calm),
        ("with races", range(last - few, last), racing),
    ):
        if not seeds:
            continue
        specs = [generate(seed, features) for seed in seeds]
        began = time.perf_counter()
        compared = _watched(specs, given.python, given.structure)
        rows.append(_row(name, seeds, compared, time.perf_counter() - began))
        found += [one for one in compared if one.differs]
    print(table(HEAD, rows))
    if given.write:
        judge = "Airflow 2.11" if major == 2 else "Airflow 3"
        record(
            "airflow-2" if major == 2 else "judge-airflow",
            f"features: {words(calm)}; judged by {judge}\n\n{table(HEAD, rows)}",
        )
    for one in found:
        print("\n" + shown(one.spec, one.all, f"{one.spec.name}:"))
    return 1 if found else 0


def _watched(specs: Sequence[Spec], python: Path | None, structure: str) -> list[Compared]:
    compared: list[Compared] = []
    for one in judge_airflow(specs, python, structure):
        compared.append(one)
        if one.differs:
            print(f"{one.spec.name} differs", file=sys.stderr, flush=True)
    return compared


def _row(name: str, seeds: range, compared: Sequence[Compared], seconds: float) -> tuple[object, ...]:
    tasks, raced = sum(len(one.spec.tasks) for one in compared), sum(one.raced for one in compared)
    differing = [sum(bool(found) for found in found_by) for found_by in _columns(compared)]
    listed = f"{seeds.start}..{seeds.stop - 1}"
    return (name, listed, len(compared), tasks, tasks - raced, raced, *differing, seconds)


def _columns(compared: Sequence[Compared]) -> tuple[list[object], ...]:
    columns = [(one.machine, one.ticks, one.wire, one.static) for one in compared]
    return tuple([row[place] for row in columns] for place in range(4))


if __name__ == "__main__":
    sys.exit(main())
