"""`make judge-model`: thousands of DAGs on the fast arm, undisturbed and with invocations killed.

Prints one table; exit 1 on a difference.

PYTHONPATH=tests:. python -m judge.judge_model [--dags N] [--seed FIRST] [--structure S]
"""

from __future__ import annotations

import argparse
import sys

from judge.campaign import Campaign, judge_seeds
from judge.fast import KILLS, NO_KILLS
from judge.features import supported, words
from judge.table import table

from core_compiler.plan import STRUCTURES

HEAD = ("arm", "seeds", "DAGs", "tasks", "invocations", "deaths", "time-outs", "differences", "seconds")


def main() -> int:
    """Print one table, and what differed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dags", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--structure", default="auto", choices=sorted(STRUCTURES))
    given = parser.parse_args()
    features = supported()
    print(f"structure: {given.structure}; features: {words(features)}")
    seeds = range(given.seed, given.seed + given.dags)
    arms = {"undisturbed": NO_KILLS, "killed": KILLS}
    campaigns = {name: judge_seeds(seeds, features, kills, structure=given.structure) for name, kills in arms.items()}
    print(table(HEAD, [_row(name, seeds, campaign) for name, campaign in campaigns.items()]))
    for name, campaign in campaigns.items():
        print(f"statuses, {name}: {dict(sorted(campaign.statuses.items()))}")
        for text in campaign.shown:
            print(f"\n{name}, {text}")
    return 1 if any(campaign.differing for campaign in campaigns.values()) else 0


def _row(name: str, seeds: range, campaign: Campaign) -> tuple[object, ...]:
    counts = (campaign.dags, campaign.tasks, campaign.invocations, campaign.deaths, campaign.timed_out)
    return (name, f"{seeds.start}..{seeds.stop - 1}", *counts, len(campaign.differing), campaign.seconds)


if __name__ == "__main__":
    sys.exit(main())
