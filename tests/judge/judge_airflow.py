"""`make judge-airflow`: hundreds of DAGs run by Airflow itself. Prints one table; exit 1 on a difference, 3 where
`--minutes` were over before the end: the next call goes on there.

    PYTHONPATH=tests:. python -m judge.judge_airflow [--dags N] [--seed FIRST] [--write] [--python PATH] [--structure S]
        [--minutes M]

Four of five have no races (`timing`), so that all their tasks are compared; the others show Airflow's own order.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec
from judge.features import supported, words
from judge.generate import generate
from judge.pieces import UNFINISHED, cut, judged
from judge.record import record
from judge.shrink import shown
from judge.slow import BATCH, judge_airflow
from judge.table import table

from core_compiler.plan import STRUCTURES

#: What two sides are held to each other: see `Compared`.
ARMS = ("machine", "killed", "ticks", "wire", "static")
HEAD = ("DAGs", "seeds", "number", "tasks", "compared", "left out", "killed of", "invocations")
CALM, RACING = "without races", "with races"


class Judged(msgspec.Struct):
    """What some DAGs came to: counts, how many differ by arm, and those that do as text."""

    dags: int
    tasks: int
    raced: int
    deaths: int
    invocations: int
    differing: dict[str, int]
    seconds: float
    shown: list[str]


def main() -> int:
    """Print the table, and what differed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dags", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="into docs/judge.md too")
    parser.add_argument("--python", type=Path, help="an interpreter with Airflow 2.11, which then is the judge")
    parser.add_argument("--structure", default="auto", choices=sorted(STRUCTURES))
    parser.add_argument("--minutes", type=float, help="begin no further piece after so many")
    given = parser.parse_args()
    major = 2 if given.python else 3
    few = given.dags // 5 if major == 3 else 0
    first, last = given.seed, given.seed + given.dags
    ranges = {CALM: range(first, last - few), RACING: range(last - few, last)}
    pieces = {
        f"{name} {piece.start}..{piece.stop - 1}": partial(
            _judge, piece, major, name == RACING, given.python, given.structure
        )
        for name, seeds in ranges.items()
        for piece in cut(seeds, BATCH)
    }
    found = judged(f"airflow {major} {given.structure}", Judged, pieces, given.minutes)
    if len(found) < len(pieces):
        print(f"{len(found)} of {len(pieces)} pieces are judged; call it again for the others")
        return UNFINISHED
    rows = [
        _row(name, seeds, [one for piece, one in found.items() if piece.startswith(name)])
        for name, seeds in ranges.items()
        if seeds
    ]
    said = [f"structure: {given.structure}; features: {words(supported(major=major))}; judged by Airflow {major}", ""]
    said.append(table((*HEAD, *ARMS, "seconds"), rows))
    print("\n".join(said))
    if given.write:
        record("airflow-2" if major == 2 else "judge-airflow", "\n".join(said))
    for text in [text for one in found.values() for text in one.shown]:
        print(f"\n{text}")
    return 1 if any(any(one.differing.values()) for one in found.values()) else 0


def _judge(seeds: range, major: int, races: bool, python: Path | None, structure: str) -> Judged:
    specs = [generate(seed, supported(races=races, major=major)) for seed in seeds]
    began = time.perf_counter()
    compared = list(judge_airflow(specs, python, structure))
    return Judged(
        dags=len(compared),
        tasks=sum(len(one.spec.tasks) for one in compared),
        raced=sum(one.raced for one in compared),
        deaths=sum(one.deaths for one in compared),
        invocations=sum(one.invocations for one in compared),
        differing={arm: sum(bool(getattr(one, arm)) for one in compared) for arm in ARMS},
        seconds=time.perf_counter() - began,
        shown=[shown(one.spec, one.all, f"{one.spec.name}:") for one in compared if one.differs],
    )


def _row(name: str, seeds: range, found: Sequence[Judged]) -> tuple[object, ...]:
    tasks, raced = sum(one.tasks for one in found), sum(one.raced for one in found)
    killed = sum(one.deaths for one in found), sum(one.invocations for one in found)
    differing = [sum(one.differing[arm] for one in found) for arm in ARMS]
    counts = (sum(one.dags for one in found), tasks, tasks - raced, raced, *killed, *differing)
    return (name, f"{seeds.start}..{seeds.stop - 1}", *counts, sum(one.seconds for one in found))


if __name__ == "__main__":
    sys.exit(main())
