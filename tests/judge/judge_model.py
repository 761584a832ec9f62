"""`make judge-model`: thousands of DAGs on the fast arm, undisturbed and with invocations killed; and their files read
by the static loader, held to the wire that the fast arm compiles.

Prints one table; exit 1 on a difference, 3 where `--minutes` were over before the end: the next call goes on there.

PYTHONPATH=tests:. python -m judge.judge_model [--dags N] [--seed FIRST] [--structure S] [--minutes M] [--write]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from judge.campaign import Campaign, judge_seeds, summed
from judge.fast import KILLS, NO_KILLS
from judge.features import supported, words
from judge.generate import generate
from judge.pieces import UNFINISHED, cut, judged
from judge.record import record
from judge.shrink import shown
from judge.slow import read_statically, written
from judge.table import table

from core_compiler.plan import STRUCTURES

HEAD = ("arm", "seeds", "DAGs", "tasks", "invocations", "deaths", "time-outs", "differences", "seconds")
ARMS = {"undisturbed": NO_KILLS, "killed": KILLS}
#: The arm that reads files.
STATIC = "static"
PIECE = 250


def main() -> int:
    """Print one table, and what differed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dags", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--structure", default="auto", choices=sorted(STRUCTURES))
    parser.add_argument("--minutes", type=float, help="begin no further piece after so many")
    parser.add_argument("--write", action="store_true", help="into docs/judge.md too")
    given = parser.parse_args()
    seeds = range(given.seed, given.seed + given.dags)
    arms = (*ARMS, STATIC)
    pieces = {
        f"{arm} {piece.start}..{piece.stop - 1}": partial(_judge, arm, piece, given.structure)
        for piece in cut(seeds, PIECE)
        for arm in arms
    }
    found = judged(f"model {given.structure}", Campaign, pieces, given.minutes)
    if len(found) < len(pieces):
        print(f"{len(found)} of {len(pieces)} pieces are judged; call it again for the others")
        return UNFINISHED
    campaigns = {arm: summed([one for name, one in found.items() if name.split()[0] == arm]) for arm in arms}
    said = [f"structure: {given.structure}; features: {words(supported())}", ""]
    said.append(table(HEAD, [_row(arm, seeds, campaign) for arm, campaign in campaigns.items()]))
    said += [""] + [
        f"statuses, {arm}: {', '.join(f'{count:,} {status}' for status, count in sorted(campaign.statuses.items()))}"
        for arm, campaign in campaigns.items()
        if campaign.statuses
    ]
    print("\n".join(said))
    if given.write:
        record(f"judge-model STRUCTURE={given.structure}", "\n".join(said))
    for arm, campaign in campaigns.items():
        for text in campaign.shown:
            print(f"\n{arm}, {text}")
    return 1 if any(campaign.differing for campaign in campaigns.values()) else 0


def _judge(arm: str, seeds: range, structure: str) -> Campaign:
    if arm == STATIC:
        return _read(seeds)
    return judge_seeds(seeds, supported(), ARMS[arm], structure=structure)


def _read(seeds: Sequence[int]) -> Campaign:
    specs = [generate(seed, supported()) for seed in seeds]
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="judge-") as scratch:
        found = read_statically(specs, written(specs, Path(scratch).resolve() / "source"))
    wrong = [(seed, spec, one) for seed, spec, one in zip(seeds, specs, found, strict=True) if one]
    return Campaign(
        dags=len(specs),
        tasks=sum(len(spec.tasks) for spec in specs),
        seconds=time.perf_counter() - began,
        differing=[seed for seed, _, _ in wrong],
        shown=[shown(spec, one, f"seed {seed}:") for seed, spec, one in wrong[:3]],
    )


def _row(name: str, seeds: range, campaign: Campaign) -> tuple[object, ...]:
    counts = (campaign.dags, campaign.tasks, campaign.invocations, campaign.deaths, campaign.timed_out)
    return (name, f"{seeds.start}..{seeds.stop - 1}", *counts, len(campaign.differing), campaign.seconds)


if __name__ == "__main__":
    sys.exit(main())
