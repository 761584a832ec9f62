"""How long tasks that sleep take on the local engine, beside the critical path: `auto` against `layers`.

    python benchmarks/sleeping.py [--write docs/structures.md]

The article's graph and ten others. A task sleeps for its duration; both structures are compiled for these durations.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import families
import scientific

MARK = "<!-- sleeping -->"
#: Seconds of the critical path, so that the engine's own time stands beside something.
PATH_SECONDS = 10.0
#: Under these durations barriers cost something in every graph.
SEED = 3300
MODULE = "import time\n\n\ndef nap(seconds):\n    time.sleep(seconds)\n"
GRAPHS = {
    "article": scientific.article,
    "airflow 24": scientific.airflow(24),
    "airflow 40": scientific.airflow(40),
    "tree 23": scientific.fixed(families.tree, 23),
    "shuffle 24": scientific.fixed(families.shuffle, 24),
    "fft 32": scientific.fixed(families.fft, 32),
    "grid 25": scientific.fixed(families.grid, 25),
    "cholesky 20": scientific.fixed(families.cholesky, 20),
    "lu 14": scientific.fixed(families.lu, 14),
    "N shape": lambda seed: (4, [(0, 2), (0, 3), (1, 3)]),
    "crossed chains": lambda seed: (8, [(0, 2), (2, 4), (4, 6), (1, 3), (3, 5), (5, 7), (2, 5), (3, 6)]),
}


def drawn(count: int, edges: list[tuple[int, int]]) -> tuple[dict[str, float], float]:
    """Log-normal seconds by task, and the critical path of `PATH_SECONDS` that they make."""
    random = Random(SEED + count)
    own = [random.lognormvariate(0, 0.7) for _ in range(count)]
    ends: list[float] = []
    for task in range(count):
        ends.append(own[task] + max((ends[u] for u, v in edges if v == task), default=0.0))
    scale = PATH_SECONDS / max(ends)
    return {f"t{task}": round(seconds * scale, 3) for task, seconds in enumerate(own)}, PATH_SECONDS


def ran(count: int, edges: list[tuple[int, int]], seconds: dict[str, float], structure: str, folder: Path) -> float:
    """Seconds between the first task's start and the last one's end, as their records have them."""
    folder.mkdir()
    tasks: list[dict[str, Any]] = [
        {
            "id": f"t{task}",
            "component": {"kind": "python", "callable": "naps:nap"},
            "args": [{"kind": "literal", "value": seconds[f"t{task}"]}],
        }
        for task in range(count)
    ]
    arrows = [{"upstream": f"t{u}", "downstream": f"t{v}"} for u, v in edges]
    (folder / "naps.py").write_text(MODULE)
    (folder / "w.json").write_text(json.dumps({"name": "w", "tasks": tasks, "edges": arrows}))
    (folder / "d.json").write_text(json.dumps(seconds))
    command = [sys.executable, "-m", "transpilers.cli"]
    options = ["--structure", structure, "--durations", "d.json", "-o", "out"]
    subprocess.run([*command, "ir", "w.json", *options], cwd=folder, check=True, capture_output=True)
    run = [*command, "run", "out", "--store", (folder / "store").as_uri(), "--json"]
    done = subprocess.run(run, cwd=folder, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout)["seconds"])


def main() -> int:
    """Run all, print the table; 1 where `auto` is not within 10% and 0.3 s of the critical path."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    rows = ["| graph | tasks | critical path | `auto` | `layers` |", "|---|---|---|---|---|"]
    late: list[str] = []
    for name, make in GRAPHS.items():
        count, found = make(0)
        edges = [(int(u), int(v)) for u, v in found]
        seconds, path = drawn(count, edges)
        with tempfile.TemporaryDirectory() as folder:
            took = {kind: ran(count, edges, seconds, kind, Path(folder) / kind) for kind in ("auto", "layers")}
        late += [name] if took["auto"] > 1.1 * path + 0.3 else []
        rows.append(f"| {name} | {count} | {path:.1f} | {took['auto']:.1f} | {took['layers']:.1f} |")
        print(rows[-1], flush=True)
    text = "\n".join(rows)
    verdict = "All are" if not late else f"All but {', '.join(late)} are"
    print(f"{verdict} within 10% and 0.3 s of the critical path. Load: {os.getloadavg()[0]:.1f}")
    if given.write:
        parts = given.write.read_text().split(MARK)
        parts[1] = f"\n{text}\n\n{verdict} within 10% and 0.3 s of the critical path.\n"
        given.write.write_text(MARK.join(parts))
    return int(bool(late))


if __name__ == "__main__":
    sys.exit(main())
