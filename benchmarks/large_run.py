"""An Airflow-like graph of many trivial tasks: cut into child machines, run to its end, every status looked at.

    python benchmarks/large_run.py [--tasks 10000] [--structure auto]

Of the last tenth some tasks fail and some are skipped; what comes of that is told by the rules alone (all_success
everywhere), so that the status of every task is known beforehand.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import families

MODULE = """\
def works(number: int) -> int:
    return number + 1


def fails(number: int) -> int:
    raise ValueError(number)


def skips(number: int) -> int:
    from handler.errors import Skipped

    raise Skipped(number)
"""


def graph(tasks: int) -> tuple[dict[str, Any], dict[str, str]]:
    """The workflow as neutral JSON, and the status that each task has to have in the end."""
    count, edges = families.airflow(tasks)
    random = Random(0)
    above: list[list[int]] = [[] for _ in range(count)]
    for upstream, downstream in edges.tolist():
        above[downstream].append(upstream)
    ends: list[str] = []
    made: list[dict[str, Any]] = []
    for at in range(count):
        # Late, so that most tasks still run.
        kind = random.choices(("works", "fails", "skips"), (92, 4, 4))[0] if at > 0.9 * count else "works"
        seen = {ends[other] for other in above[at]}
        if seen & {"failed", "upstream_failed"}:
            ends.append("upstream_failed")
        elif "skipped" in seen:
            ends.append("skipped")
        else:
            ends.append({"works": "success", "fails": "failed", "skips": "skipped"}[kind])
        component = {"kind": "python", "callable": f"trivial:{kind}"}
        made.append({"id": f"t{at}", "component": component, "args": [{"kind": "literal", "value": at}]})
    arrows = [{"upstream": f"t{one}", "downstream": f"t{other}"} for one, other in edges.tolist()]
    return {"name": "large", "tasks": made, "edges": arrows}, {f"t{at}": end for at, end in enumerate(ends)}


def main() -> int:
    """Compile and run; 1 where a status is another one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--structure", default="auto")
    given = parser.parse_args()
    workflow, expected = graph(given.tasks)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "trivial.py").write_text(MODULE)
        (root / "large.json").write_text(json.dumps(workflow))
        command = [sys.executable, "-m", "transpilers.cli"]
        own = [*command, "ir", str(root / "large.json"), "-o", str(root / "out"), "--structure", given.structure]
        print(_timed(f"compile {given.tasks:,} tasks", own, root)[0], flush=True)
        machines = [root / "out" / "machine.asl.json", *(root / "out").glob("machines/*.json")]
        sizes = [path.stat().st_size for path in machines]
        print(f"{len(machines)} machines of {sum(sizes) / 1e6:.1f} MB", flush=True)
        run = [*command, "run", str(root / "out"), "--store", (root / "store").as_uri(), "--json"]
        line, answer = _timed("run", [*run, "--max-retry-wait", "1"], root)
        found: dict[str, str] = json.loads(answer)["tasks"]
    wrong = {task: (end, found.get(task)) for task, end in expected.items() if found.get(task) != end}
    counts = {end: list(expected.values()).count(end) for end in sorted(set(expected.values()))}
    print(f"{line}; {counts}; {len(wrong)} other than they have to be {dict(list(wrong.items())[:5]) or ''}")
    return int(bool(wrong))


def _timed(what: str, command: list[str], folder: Path) -> tuple[str, str]:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not done.stdout or "Traceback" in done.stderr:
        raise SystemExit(f"{what}: {done.stderr[-2000:]}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    wall = time.perf_counter() - began
    return f"{what}: {wall:.1f} s, {used:.1f} s of CPU, at most {after.ru_maxrss / 1024:.0f} MB", done.stdout


if __name__ == "__main__":
    sys.exit(main())
