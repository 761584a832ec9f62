"""`make protocol`: the rendezvous protocol searched further than the tests do. Prints one table; exit 1 on a fault.

PYTHONPATH=tests:. python -m rendezvous.search_protocol
"""

from __future__ import annotations

import sys
import time

from judge.table import table
from rendezvous.protocol import Need, Rules, search

ONE, BOTH, EITHER = Need((0,)), Need((0, 1)), Need((0, 1), first_success=True)
CASES = (
    ("two wait for two", (BOTH, BOTH), 1, 2),
    ("two wait for two, one for the first success", (BOTH, EITHER), 1, 2),
    ("one waits for two", (BOTH,), 2, 2),
    ("one waits for the first success of two", (EITHER,), 2, 2),
    ("two wait for one", (ONE, ONE), 2, 1),
    ("one waits for one", (ONE,), 3, 1),
)
HEAD = ("who waits for whom", "faults at most", "states", "hung", "early", "two stories", "seconds")


def main() -> int:
    """Print the table."""
    rows: list[tuple[object, ...]] = []
    wrong = False
    for name, needs, faults, finishers in CASES:
        began = time.perf_counter()
        found = search(needs, Rules(), faults, finishers)
        kinds = [int(kind in found.wrong) for kind in ("hung", "started early", "two stories")]
        rows.append((name, faults, found.states, *kinds, time.perf_counter() - began))
        wrong = wrong or bool(found.wrong)
        for kind, trace in found.wrong.items():
            print(f"{name}: {kind}: {' | '.join(trace)}", file=sys.stderr)
    print(table(HEAD, rows))
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
