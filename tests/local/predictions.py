"""Many random DAGs on the local engine, and how many of their histories hold what was predicted for such ends.

python -m local.predictions [FIRST [COUNT]]
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from local.test_predictions import ran

from core_compiler.emit.expected import Cost


def main(first: int = 0, count: int = 200) -> int:
    """Run the DAGs of these seeds; whether any history differs."""
    ends: Counter[str] = Counter()
    differing = retried = 0
    for seed in range(first, first + count):
        with tempfile.TemporaryDirectory() as scratch:
            result = ran(seed, Path(scratch).resolve())
        ends.update(str(status) for status in result.tasks.values())
        retried += sum(tries > 1 for tries in result.tries.values())
        if result.expected != Cost(result.transitions, result.events):
            differing += 1
            print(f"seed {seed}: {result.expected}, and {result.transitions}, {result.events}")
    told = ", ".join(f"{number:,} {status}" for status, number in sorted(ends.items()))
    print(f"{count} DAGs, {told}, {retried:,} tried again: {differing} histories other than predicted")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
