"""Dask's own tests, with our scheduler in place of the synchronous one: `python -m dask_conformance.campaign`.

Tests are chosen by a hash of their id. Each runs with Dask's synchronous scheduler first; those that enter it and pass
are run with ours. What is done already is in `build/dask-conformance` and not done again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGES = ("dask.array", "dask.bag", "dask.dataframe", "dask.tests.test_delayed")
#: Where the 300 of `make test` are from: a few modules of each kind, as collecting all takes longer than running them.
QUICK = (
    "dask.array.tests.test_array_core",
    "dask.array.tests.test_creation",
    "dask.array.tests.test_reductions",
    "dask.bag.tests.test_bag",
    "dask.dataframe.tests.test_dataframe",
    "dask.dataframe.tests.test_ufunc",
    "dask.dataframe.dask_expr.tests.test_collection",
)
HERE = Path(__file__).parent
CHOSEN = HERE / "chosen.txt"
PAGE = ROOT / "docs" / "dask-conformance.md"
SECONDS = 600


class Outcome(NamedTuple):
    """How one test ended, and how often the scheduler was entered."""

    outcome: str
    entered: int
    reason: str


def collected(folder: Path) -> list[str]:
    """The ids of all tests that need no network."""
    listing = folder / "collected.txt"
    if not listing.exists():
        pytest(folder, collected=listing)
    return listing.read_text().splitlines()


def chosen(ids: list[str], count: int) -> list[str]:
    """So many of them, by a hash of their id."""
    return sorted(ids, key=lambda name: hashlib.sha256(name.encode()).hexdigest())[:count]


def judged(folder: Path, scheduler: str, ids: list[str]) -> dict[str, Outcome]:
    """The outcomes of tests under a scheduler; those missing in the folder are run."""
    outcomes = folder / f"{scheduler}.jsonl"
    while missing := [name for name in ids if name not in read(outcomes)]:
        wanted = folder / f"{scheduler}.txt"
        wanted.write_text("".join(f"{name}\n" for name in missing))
        before = len(read(outcomes))
        pytest(folder, scheduler=scheduler, chosen=wanted, outcomes=outcomes)
        if len(read(outcomes)) == before:
            raise SystemExit(f"{len(missing)} tests cannot be run, the first is {missing[0]}")
    found = read(outcomes)
    return {name: found[name] for name in ids}


def read(outcomes: Path) -> dict[str, Outcome]:
    """The outcomes in a file; a test that began and never ended took its process with it."""
    found: dict[str, Outcome] = {}
    for line in outcomes.read_text().splitlines() if outcomes.exists() else []:
        said = json.loads(line)
        if said["outcome"] == "started":
            found.setdefault(said["id"], Outcome("crashed", 1, "the process ended in it"))
        else:
            found[said["id"]] = Outcome(said["outcome"], said["entered"], said["reason"])
    return found


def pytest(folder: Path, packages: Sequence[str] = PACKAGES, **settings: object) -> None:
    """Run Dask's tests in a process, by their own rules."""
    variables = {f"STEPWEAVE_{name.upper()}": str(value) for name, value in settings.items()}
    variables["STEPWEAVE_JUDGED"] = variables.pop("STEPWEAVE_SCHEDULER", "sync")
    path = os.pathsep.join([str(HERE), str(ROOT)])
    options = ["-q", "-p", "plugin", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-c", str(HERE / "dask.ini"), *options, "--timeout", str(SECONDS)]
    command += ["-m", "not network and not slow and not gpu"]
    with open(folder / "pytest.log", "ab") as log:
        subprocess.run(
            [*command, "--pyargs", *packages],
            cwd=folder,
            env={**os.environ, **variables, "PYTHONPATH": path},
            stdout=log,
            stderr=log,
            check=False,
        )


def quick(ours: dict[str, Outcome]) -> list[str]:
    """Those for `make test`: of a few modules, that pass and compute no more than twice."""
    few = [name for name, outcome in ours.items() if outcome.outcome == "passed" and outcome.entered <= 2]
    return [name for name in few if name.split("::")[0] in QUICK]


def page(theirs: dict[str, Outcome], ours: dict[str, Outcome]) -> str:
    """The table, as Markdown."""
    import dask

    passed = sum(outcome.outcome == "passed" for outcome in ours.values())
    counted: Counter[str] = Counter(name.split(".tests.")[0] for name in ours)
    lines = [
        "# Dask's own tests under our scheduler",
        "",
        f"{len(theirs):,} tests of dask {dask.__version__} that need no network are chosen by a hash of their id.",
        "The scheduler of `transpilers.dask` takes the place of the synchronous one, inside of Dask's `assert_eq` too.",
        f"{len(ours):,} of them enter the synchronous scheduler and pass with it; `make dask-conformance` judges them.",
        "",
        f"**{passed:,} of {len(ours):,} pass with ours: {passed / len(ours):.1%}.**",
        "",
        "| package | tests | pass |",
        "|---|---|---|",
    ]
    for package, number in sorted(counted.items()):
        good = sum(ours[name].outcome == "passed" for name in ours if name.split(".tests.")[0] == package)
        lines.append(f"| {package} | {number} | {good} |")
    lines += ["", "| does not pass | reason |", "|---|---|"]
    for name, outcome in sorted(ours.items()):
        if outcome.outcome != "passed":
            reason = " ".join(outcome.reason.split()).replace("|", "\\|")[:160]
            lines.append(f"| `{name.replace('|', chr(92) + '|')}` | {outcome.outcome}: {reason} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run what is missing, print the counts and write the page; 1 where fewer than 98 of 100 pass."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--write", action="store_true", help="write docs/dask-conformance.md and the 300 for make test")
    given = parser.parse_args()
    folder = ROOT / "build" / "dask-conformance"
    folder.mkdir(parents=True, exist_ok=True)
    theirs = judged(folder, "sync", chosen(collected(folder), given.count))
    able = [name for name, outcome in theirs.items() if outcome.outcome == "passed" and outcome.entered]
    ours = judged(folder, "ours", able)
    passed = sum(outcome.outcome == "passed" for outcome in ours.values())
    print(
        f"{len(theirs)} chosen, {len(able)} enter the synchronous scheduler and pass, {passed} of those pass with ours"
    )
    if given.write:
        PAGE.write_text(page(theirs, ours))
        CHOSEN.write_text("".join(f"{name}\n" for name in quick(ours)[:300]))
    return 0 if passed >= 0.98 * len(able) else 1


if __name__ == "__main__":
    sys.exit(main())
