"""`make judge-values`: random files with mapping, XComs, templates and context, run by Airflow and by their machines.

    PYTHONPATH=tests:. python -m judge_values.judge_values [--dags N] [--seed FIRST] [--minutes M] [--write]

Pieces are kept in build/judge-values, so that a call goes on where the one before stopped (exit 3). Prints each
difference with the DAG file, then a table, into docs/judge.md with --write; exit 1 where something differs.
Keep `build` no longer than the code stays the same: remove it to judge anew.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

import msgspec
from judge.record import record
from judge.table import table
from judge_values.generate import generate
from judge_values.judging import BATCH, Judged, judged

KEPT = Path("build/judge-values")


def main() -> int:
    """Judge, a kept piece at a time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dags", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--write", action="store_true", help="into docs/judge.md")
    given = parser.parse_args()
    began = time.monotonic()
    found: list[Judged] = []
    end = given.seed + given.dags
    for start in range(given.seed, end, BATCH):
        if given.minutes is not None and time.monotonic() - began > given.minutes * 60:
            print(f"{start - given.seed} of {given.dags} are judged; call again to go on")
            return 3
        found += _piece(range(start, min(start + BATCH, end)))
    for one in found:
        if one.differences or one.refused:
            told = "\n".join((*one.differences, *one.refused))
            print(f"seed {one.seed}:\n{told}\n{generate(one.seed, f'values_{one.seed}')}")
    text = _table(found, given.seed, end)
    print(text)
    if given.write:
        record("judge-values", text)
    return 1 if any(one.differences or one.refused for one in found) else 0


def _piece(seeds: range) -> list[Judged]:
    kept = KEPT / f"{seeds.start}-{seeds.stop}.json"
    if kept.exists():
        return msgspec.json.decode(kept.read_bytes(), type=list[Judged])
    found = list(judged(seeds))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(msgspec.json.encode(found))
    return found


def _table(found: list[Judged], first: int, end: int) -> str:
    codes = Counter(text.split(":")[0] for one in found for text in one.refused)
    row = (
        f"{first}..{end - 1}",
        len(found),
        sum(one.tasks for one in found),
        sum(one.values for one in found),
        sum(one.unstable for one in found),
        sum(bool(one.differences) for one in found),
        sum(bool(one.refused) for one in found),
        ", ".join(sorted(codes)) or "none",
    )
    return table(("seeds", "DAGs", "tasks", "values", "unstable", "that differ", "not compared", "for"), [row])


if __name__ == "__main__":
    sys.exit(main())
