"""`make judge-mutants`: what the judge finds of wrong decisions. Prints two tables; exit 1 where one is not found.

PYTHONPATH=tests:. python -m judge.judge_mutants [--dags N] [--seed FIRST] [--all] [--write]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from judge.features import supported, words
from judge.mutants import WITHIN, Mutant, other_mutants, possible, rule_mutants, subjects
from judge.record import record
from judge.table import table

from handler.rules import RULES, Rule

HEAD = ("rule", "cases met", "of", "mutants", "found", "latest after")


def main() -> int:
    """One row a rule, or with --all one a mutant; what was not found is always listed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dags", type=int, default=WITHIN)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--write", action="store_true", help="into docs/judge.md too")
    given = parser.parse_args()
    began = time.perf_counter()
    features = supported()
    tried = subjects(features, range(given.seed, given.seed + given.dags))
    found = list(rule_mutants(tried))
    others = list(other_mutants(tried))
    others_found = [(name, "not found" if at is None else str(at)) for name, at in others]
    missed = sum(one.found is None for one in found) + sum(at is None for _, at in others)
    every = len(found) + len(others)
    said = [
        f"features: {words(features)}; seeds {given.seed}..{given.seed + given.dags - 1}",
        "",
        table(HEAD, [_row(rule, found) for rule in RULES]),
        "",
        table(("other mutants", "found after"), others_found),
        "",
        f"{every - missed} of {every} found, {time.perf_counter() - began:.1f} s",
    ]
    print("\n".join(said))
    if given.write:
        record("judge-mutants", "\n".join(said))
    for one in found:
        if given.all or one.found is None:
            after = "NOT FOUND" if one.found is None else f"found after {one.found}"
            print(f"{one.case.rule}: {one.case.words}: {one.right}, mutated to {one.wrong}: {after}")
    return 1 if missed else 0


def _row(rule: Rule, mutants: Sequence[Mutant]) -> tuple[object, ...]:
    own = [one for one in mutants if one.case.rule == rule]
    found = [one.found for one in own if one.found is not None]
    return rule, len({one.case for one in own}), possible(rule), len(own), len(found), max(found, default=0)


if __name__ == "__main__":
    sys.exit(main())
