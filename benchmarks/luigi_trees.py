"""Luigi trees of some 20,000 tasks, imported and compiled by `transpile luigi`: seconds, memory, and what came of it.

    python benchmarks/luigi_trees.py

The last columns are of the first state of a second run, when every task has its outputs: how many it leaves to run.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TREES = """
import random

import luigi


class Known(luigi.Task):
    row = luigi.IntParameter()
    cell = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"{type(self).__name__}/{self.row}/{self.cell}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(f"{self.row} {self.cell}")


class Leaf(Known):
    pass


class Group(Known):
    def requires(self):
        return [Leaf(self.row, number) for number in range(99)]


class Groups(Known):
    "200 groups of 99 tasks."

    def requires(self):
        return [Group(number, 0) for number in range(200)]


class Wide(Known):
    "20,000 tasks at once."

    def requires(self):
        return [Leaf(0, number) for number in range(20_000)]


class Cleaned(Known):
    def requires(self):
        return Leaf(self.row, 0)


class State(Known):
    def requires(self):
        yield Cleaned(self.row, 0)
        if self.row:
            yield State(self.row - 1, 0)


class Report(Known):
    def requires(self):
        return [State(self.row, 0), Cleaned(self.row, 0)]


class History(Known):
    "5,000 days of four tasks each; a day's state needs the one before."

    def requires(self):
        return [Report(day, 0) for day in range(5_000)]


class Node(Known):
    def requires(self):
        some = random.Random(self.row * 1_000 + self.cell).sample(range(200), 3)
        return [Node(self.row - 1, number) for number in sorted(some)] if self.row else []


class Mesh(Known):
    "100 layers of 200 tasks, each of which needs three of the layer before."

    def requires(self):
        return [Node(99, number) for number in range(200)]
"""
SECOND_RUN = """
import json, sys, time
sys.path[:0] = [sys.argv[1] + "/lambda", sys.argv[1] + "/lambda/user"]
from handler.app import lambda_handler
started = time.process_time()
event = {"v": 1, "op": "run", "run": "m/r/2026-01-01T000000Z", "task": "schedule", "upstream": [],
         "component_name": "source", "component_config": {"entry": "stepweave_luigi.schedule:run"}}
print(lambda_handler(event, None), file=sys.stderr)
print(time.process_time() - started)
"""


def main() -> None:
    """Print the table."""
    print("tree      tasks  wall s   CPU s   MB  machines  second run: to run   CPU s")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "trees.py").write_text(TREES)
        for name in ("Groups", "Wide", "History", "Mesh"):
            _row(name, Path(folder))


def _row(name: str, folder: Path) -> None:
    bundle, store = folder / name, folder / f"{name}-store"
    command = [sys.executable, "-m", "transpilers.cli", "luigi", "trees", name, "--row", "0", "--cell", "0"]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([*command, "-o", str(bundle), "--json"], cwd=folder, check=True, stdout=subprocess.PIPE)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    tree = json.loads((bundle / "lambda" / "user" / "stepweave_luigi_tree.json").read_text())
    machines = 1 + sum(1 for _ in (bundle / "machines").glob("*.json"))
    # Every output is there: the class of a task and its numbers are its path.
    for described in tree["tasks"].values():
        row, cell = (described["params"][one]["value"] for one in ("row", "cell"))
        place = store / "durable" / "files" / "work" / described["name"] / str(row) / f"{cell}.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    environment = {"STEPWEAVE_STORE": store.as_uri(), "PATH": ""}
    ran = subprocess.run(
        [sys.executable, "-c", SECOND_RUN, str(bundle)], env=environment, check=True, text=True, capture_output=True
    )
    left = len(tree["tasks"]) - sum(1 for _ in (store / "m").rglob("done/*")) + 1
    seconds = float(ran.stdout.split()[-1])
    # The most that any process so far had, this one's children with theirs.
    most = after.ru_maxrss / 1024
    print(f"{name:<8}{len(tree['tasks']):>7}{wall:>8.1f}{cpu:>8.1f}{most:>5.0f}{machines:>10}{left:>20}{seconds:>8.1f}")


if __name__ == "__main__":
    main()
