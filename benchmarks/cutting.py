"""Into how many machines graphs of many shapes are cut, beside the least number that their bytes need.

python benchmarks/cutting.py [--tasks 5000]
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import families

from core_compiler.asl.expressions import deployed_bytes
from core_compiler.asl.limits import DEFINITION_BYTES
from core_compiler.asl.states import encode
from core_compiler.diagnostics import Sink
from core_compiler.emit import emit
from core_compiler.emit.fitting import emit_fitting
from core_compiler.ir import Edge, Shell, Task, Workflow
from core_compiler.passes import PASSES, run_passes
from core_compiler.plan import structure

Pairs = list[tuple[int, int]]


def alone(count: int) -> Pairs:
    """No edge."""
    return []


def fork(count: int) -> Pairs:
    """One before all others."""
    return [(0, task) for task in range(1, count)]


def join(count: int) -> Pairs:
    """One before all others, and one after them."""
    return [(0, task) for task in range(1, count - 1)] + [(task, count - 1) for task in range(1, count - 1)]


def chains(count: int) -> Pairs:
    """Side by side, 50 tasks long."""
    return [(task, task + 1) for task in range(count - 1) if (task + 1) % 50]


def binary(count: int) -> Pairs:
    """A complete binary tree, from its root."""
    return [((task - 1) // 2, task) for task in range(1, count)]


def gathered(count: int) -> Pairs:
    """A complete binary tree, to its root."""
    return [(task, (task - 1) // 2) for task in range(1, count)][::-1]


def grown(count: int) -> Pairs:
    """A random tree."""
    random = Random(3)
    return [(random.randrange(task), task) for task in range(1, count)]


def diamonds(count: int) -> Pairs:
    """A row of forks of three."""
    starts = range(0, count - 4, 4)
    return [
        pair
        for at in starts
        for pair in (*((at, at + one) for one in (1, 2, 3)), *((at + one, at + 4) for one in (1, 2, 3)))
    ]


def pairs(count: int) -> Pairs:
    """Two layers; each task of the second follows two of the first."""
    half = count // 2
    return [(other, half + task) for task in range(half) for other in sorted({task, (task + 1) % half})]


def lattice(count: int, wide: int) -> Pairs:
    """Rows of tasks, each of which follows two of the row before."""
    below = range(count // wide - 1)
    return [
        (row * wide + at, (row + 1) * wide + to)
        for row in below
        for at in range(wide)
        for to in sorted({at, (at + 1) % wide})
    ]


def near(count: int) -> Pairs:
    """Each task follows two of the 30 before it."""
    random = Random(2)
    return sorted({(random.randrange(max(0, task - 30), task), task) for task in range(1, count) for _ in range(2)})


OWN: Mapping[str, Callable[[int], Pairs]] = {
    "alone": alone,
    "fork": fork,
    "fork and join": join,
    "chains": chains,
    "binary tree": binary,
    "binary tree, gathered": gathered,
    "random tree": grown,
    "diamonds": diamonds,
    "two layers": pairs,
    "narrow lattice": partial(lattice, wide=10),
    "wide lattice": partial(lattice, wide=500),
    "near": near,
}
SHARED = ("airflow", "layered", "tree", "shuffle", "chain", "hub", "grid", "fft", "cholesky", "lu")


def workflow(count: int, edges: Pairs) -> Workflow:
    """Shell commands with these edges."""
    tasks = tuple(Task(id=f"t{task}", component=Shell("true")) for task in range(count))
    return Workflow(name="w", tasks=tasks, edges=tuple(Edge(f"t{one}", f"t{other}") for one, other in edges))


def row(name: str, made: Workflow) -> str:
    """One line of the table."""
    ready = run_passes(made, PASSES, Sink())
    assert ready is not None
    plan = structure(ready)
    least = math.ceil(deployed_bytes(encode(emit(plan, ready).machine)) / DEFINITION_BYTES)
    before = time.process_time()
    found = emit_fitting(plan, ready)
    seconds = time.process_time() - before
    largest = max(map(deployed_bytes, found.definitions.values())) / DEFINITION_BYTES
    count = len(found.definitions)
    return (
        f"| {name} | {len(made.tasks):,} | {least} | {count} | {count / least:.2f} | {largest:.1%} "
        f"| {found.prediction.events:,} | {seconds:.1f} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", type=int, default=5_000)
    count = parser.parse_args().tasks
    print("| graph | tasks | least | machines | ratio | fullest | events at most | seconds to cut and write |")
    print("|---|---|---|---|---|---|---|---|")
    for name, made in OWN.items():
        print(row(name, workflow(count, made(count))), flush=True)
    for name in SHARED:
        tasks, edges = getattr(families, name)(count)
        print(row(name, workflow(tasks, [(one, other) for one, other in edges.tolist()])), flush=True)


if __name__ == "__main__":
    main()
