"""Dask graphs of 100,000 calls compiled, 10,000 calls run, 2 GB of arrays computed, 1 GB returned.

python -m benchmarks.dask_scale [--only NAME]
"""

from __future__ import annotations

import argparse
import json
import operator
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dask
import numpy as np
from dask.delayed import Delayed

LEAVES = 50_000
SIDE = 316
TRIVIAL = 10_000
CHUNKS = 200
CHUNK_BYTES = 10_000_000
GIGABYTE = 1_000_000_000


def tree() -> Delayed:
    """100,000 calls: 50,000 leaves, summed in pairs."""
    graph: dict[Any, Any] = {("leaf", number): (int, number) for number in range(LEAVES)}
    level, keys = 0, list(graph)
    while len(keys) > 1:
        pairs = {(f"sum{level}", at): (sum, keys[at : at + 2]) for at in range(0, len(keys), 2)}
        graph |= pairs
        keys, level = list(pairs), level + 1
    return Delayed(keys[0], graph)


def shuffle() -> Delayed:
    """100,000 calls: 316 parts, each cut into 316 pieces, which are put together by their number."""
    graph: dict[Any, Any] = {("part", row): (list, [row]) for row in range(SIDE)}
    for row in range(SIDE):
        graph |= {("piece", row, at): (operator.add, ("part", row), [at]) for at in range(SIDE)}
    graph |= {("out", at): (len, [("piece", row, at) for row in range(SIDE)]) for at in range(SIDE)}
    return Delayed("all", graph | {"all": (sum, [("out", at) for at in range(SIDE)])})


def _compile(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(__file__).parents[1]
        # The module is loaded from the working folder.
        command = [sys.executable, "-m", "transpilers.cli", "dask", f"benchmarks.dask_scale:{name}", "-o", folder]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        subprocess.run([*command, "--json"], check=True, capture_output=True, cwd=root)
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        size = (Path(folder) / "machine.asl.json").stat().st_size
        tasks = len(json.loads((Path(folder) / "manifest.json").read_text())["tasks"])
        print(
            f"compile {name}: {wall:.1f} s ({used:.1f} s of CPU), {after.ru_maxrss / 1024:.0f} MB, "
            f"definition {size / 1000:.0f} KB, {tasks} tasks"
        )


def _trivial() -> None:
    from transpilers.dask import get

    made = dask.delayed(sum)([dask.delayed(operator.add)(number, 1) for number in range(TRIVIAL)])
    began = time.perf_counter()
    ours = made.compute(scheduler=get)
    wall = time.perf_counter() - began
    began = time.perf_counter()
    theirs = made.compute(scheduler="sync")
    print(f"{TRIVIAL:,} trivial calls: {wall:.1f} s, the synchronous scheduler {time.perf_counter() - began:.1f} s")
    print(f"    equal: {ours == theirs}")


def _noted(block: Any, folder: str) -> Any:
    """The block; the most memory that its process ever had goes into a file of the process."""
    Path(folder, str(os.getpid())).write_text(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
    return block


def _array() -> None:
    import dask.array as da

    from transpilers.dask import get

    with tempfile.TemporaryDirectory() as folder:
        items = CHUNK_BYTES // 8
        x = da.arange(CHUNKS * items, chunks=items, dtype="f8").map_blocks(_noted, folder, dtype="f8")
        made = ((x - x.mean()) ** 2).map_blocks(_noted, folder, dtype="f8").sum()
        began = time.perf_counter()
        ours = made.compute(scheduler=get)
        wall = time.perf_counter() - began
        most = max(int(Path(folder, name).read_text()) for name in os.listdir(folder)) / 1024
        equal = np.isclose(ours, made.compute(scheduler="sync"))
        print(f"an array of {CHUNKS} chunks of 10 MB: {wall:.1f} s, a worker at most {most:.0f} MB, equal: {equal}")


def _gigabyte() -> None:
    from transpilers.dask import get

    made = dask.delayed(np.ones)(GIGABYTE, dtype="i1")
    began = time.perf_counter()
    found = made.compute(scheduler=get)
    print(f"one call that returns {found.nbytes / 1e9:.0f} GB: {time.perf_counter() - began:.1f} s")


PARTS: dict[str, Callable[[], None]] = {
    "tree": lambda: _compile("tree"),
    "shuffle": lambda: _compile("shuffle"),
    "trivial": _trivial,
    "array": _array,
    "gigabyte": _gigabyte,
}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=list(PARTS))
    only = parser.parse_args().only
    for name, part in PARTS.items():
        if only in (None, name):
            part()
