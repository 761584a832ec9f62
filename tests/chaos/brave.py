"""`make chaos`: random DAGs in bad weather. Prints one table ; exit 1 on anything wrong.

PYTHONPATH=tests:. python -m chaos.brave [--runs N] [--seed FIRST] [--structure S] [--page FILE]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from chaos.campaign import Outcome, brave
from chaos.service import CALM, FAULTS, STORM
from judge.features import supported, words
from judge.table import table

from core_compiler.plan import STRUCTURES

HEAD = (
    "weather",
    "runs",
    "with fail_fast and items",
    "tasks",
    "items",
    "of lists made by tasks",
    "invocations",
    "hung",
    "started early",
    "two stories",
    "other ends",
)

WHAT = {
    "crash": "the process ends at any operation, its answer lost",
    "timeout": "the state gives up, and the process goes on as a zombie",
    "duplicate": "the same event is delivered once more",
    "throttle": "SendTaskSuccess is refused for the moment",
    "store": "an operation of the store fails",
    "stale token": "a token was sent that nobody waited with any more",
}
HEADLINE = """# Runs in bad weather

Random DAGs (trigger rules, failures, retries, branches, short circuits, setups and teardowns, fail_fast, and tasks that
are mapped over a few items, each of which ends in its own way: those of a list in the file, or of one that a task of
the run gives, which may be empty), compiled with `--structure {structure}`, are carried out by an interpreter of the
emitted definition with the real handler. Every operation of the store is a step, and branches, items, zombies and
duplicates take their steps in any order. The ends of tasks and items are held to the model of Airflow's rules
(`tests/judge/`); hung means that nothing can go on any more; started early, that a try began, or a task got its items,
before its rule allowed it; two stories, that the machine or a waiter was told another status than the done record
holds, or that a task that got no items has one.

`make chaos` prints this table. The seeds are {first:,} to {last:,}.
"""


def main() -> int:
    """Print the table, and write the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--structure", default="rendezvous", choices=sorted(STRUCTURES))
    parser.add_argument("--page", type=Path, default=None, help="write the table to this file")
    given = parser.parse_args()
    features = supported()
    seeds = range(given.seed, given.seed + given.runs)
    outcomes = {
        name: brave(few, features, weather, structure=given.structure)
        for name, few, weather in (("calm", seeds[: max(1, given.runs // 5)], CALM), ("storm", seeds, STORM))
    }
    rows = [_row(name, outcome) for name, outcome in outcomes.items()]
    storm = outcomes["storm"]
    faults = [(name, storm.faults[name], WHAT[name]) for name in FAULTS]
    print(f"structure: {given.structure}; features: {words(features)}; {storm.seconds:.0f} s in the storm")
    print(table(HEAD, rows))
    print(table(_FAULT_HEAD, faults))
    for outcome in outcomes.values():
        print("\n".join(outcome.wrong[:40]))
    if given.page:
        headline = HEADLINE.format(structure=given.structure, first=seeds.start, last=seeds.stop - 1)
        text = [headline, _markdown(HEAD, rows), _markdown(_FAULT_HEAD, faults)]
        given.page.write_text("\n".join(text))
    return int(any(outcome.wrong for outcome in outcomes.values()))


_FAULT_HEAD = ("fault", "times", "what happens")


def _row(name: str, outcome: Outcome) -> tuple[object, ...]:
    size = (outcome.runs, outcome.fast, outcome.tasks, outcome.items, outcome.late_items, outcome.invocations)
    return (name, *size, outcome.hung, outcome.early, outcome.stories, outcome.differing)


def _markdown(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    def line(cells: tuple[object, ...]) -> str:
        return f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in cells)} |\n"

    return line(head) + line(("---",) * len(head)) + "".join(map(line, rows))


if __name__ == "__main__":
    sys.exit(main())
