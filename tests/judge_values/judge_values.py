"""`make judge-values`: random files with mapping, XComs, templates and context, run by Airflow and by their machines.

    PYTHONPATH=tests:. python -m judge_values.judge_values [--dags N] [--seed FIRST] [--minutes M] [--write]

Prints each difference with the DAG file, then a table, into docs/judge.md with --write; exit 1 where something differs,
3 where `--minutes` were over before the end: the next call goes on there.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from functools import partial

import msgspec
from judge.pieces import UNFINISHED, cut
from judge.pieces import judged as kept
from judge.record import record
from judge.table import table
from judge_values.generate import generate
from judge_values.judging import BATCH, Judged, judged


class Piece(msgspec.Struct, frozen=True):
    """What came of neighbouring seeds."""

    found: list[Judged]


def main() -> int:
    """Judge, a kept piece at a time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dags", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--write", action="store_true", help="into docs/judge.md")
    given = parser.parse_args()
    seeds = range(given.seed, given.seed + given.dags)
    pieces = {f"{piece.start}..{piece.stop - 1}": partial(_judge, piece) for piece in cut(seeds, BATCH)}
    done = kept("values", Piece, pieces, given.minutes)
    if len(done) < len(pieces):
        print(f"{len(done)} of {len(pieces)} pieces are judged; call it again for the others")
        return UNFINISHED
    found = [one for piece in done.values() for one in piece.found]
    for one in found:
        if one.differences or one.refused:
            told = "\n".join((*one.differences, *one.refused))
            print(f"seed {one.seed}:\n{told}\n{generate(one.seed, f'values_{one.seed}')}")
    text = _table(found, seeds)
    print(text)
    if given.write:
        record("judge-values", text)
    return 1 if any(one.differences or one.refused for one in found) else 0


def _judge(seeds: range) -> Piece:
    return Piece(list(judged(seeds)))


def _table(found: list[Judged], seeds: range) -> str:
    codes = Counter(text.split(":")[0] for one in found for text in one.refused)
    row = (
        f"{seeds.start}..{seeds.stop - 1}",
        len(found),
        sum(one.tasks for one in found),
        sum(one.values for one in found),
        sum(one.unstable for one in found),
        sum(one.left_out for one in found),
        sum(bool(one.differences) for one in found),
        sum(bool(one.refused) for one in found),
        ", ".join(sorted(codes)) or "none",
    )
    return table(
        ("seeds", "DAGs", "tasks", "values", "unstable", "left out", "that differ", "not compared", "for"), [row]
    )


if __name__ == "__main__":
    sys.exit(main())
