"""`make judge-model`: thousands of DAGs on the fast arm, undisturbed and with invocations killed.

Prints one table; exit 1 on a difference.

PYTHONPATH=tests:. python -m judge.judge_model [--dags N] [--seed FIRST] [--structure S] [--write]
"""

from __future__ import annotations

import argparse
import sys

from judge.campaign import Campaign, judge_seeds
from judge.fast import KILLS, NO_KILLS
from judge.features import supported, words
from judge.record import record
from judge.table import table

from core_compiler.plan import STRUCTURES

HEAD = ("arm", "seeds", "DAGs", "tasks", "invocations", "deaths", "time-outs", "differences", "seconds")


def main() -> int:
    """Print one table, and what differed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dags", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--structure", default="auto", choices=sorted(STRUCTURES))
    parser.add_argument("--write", action="store_true", help="into docs/judge.md too")
    given = parser.parse_args()
    features = supported()
    seeds = range(given.seed, given.seed + given.dags)
    arms = {"undisturbed": NO_KILLS, "killed": KILLS}
    campaigns = {name: judge_seeds(seeds, features, kills, structure=given.structure) for name, kills in arms.items()}
    said = [f"structure: {given.structure}; features: {words(features)}", ""]
    said.append(table(HEAD, [_row(name, seeds, campaign) for name, campaign in campaigns.items()]))
    said += [
        f"statuses, {name}: {', '.join(f'{count:,} {status}' for status, count in sorted(campaign.statuses.items()))}"
        for name, campaign in campaigns.items()
    ]
    print("\n".join(said))
    if given.write:
        record(f"judge-model STRUCTURE={given.structure}", "\n".join(said))
    for name, campaign in campaigns.items():
        for text in campaign.shown:
            print(f"\n{name}, {text}")
    return 1 if any(campaign.differing for campaign in campaigns.values()) else 0


def _row(name: str, seeds: range, campaign: Campaign) -> tuple[object, ...]:
    counts = (campaign.dags, campaign.tasks, campaign.invocations, campaign.deaths, campaign.timed_out)
    return (name, f"{seeds.start}..{seeds.stop - 1}", *counts, len(campaign.differing), campaign.seconds)


if __name__ == "__main__":
    sys.exit(main())
