"""Transitive reduction: networkx, rustworkx and ours on the same graphs, in one table.

    python -m benchmarks.reduction [--family NAME] [--sizes N,N] [--limit SECONDS] [--shuffled] [--layering]

Each cell is a process of its own, whose first run is stopped after LIMIT seconds of CPU; it gives the best CPU time of
several runs, and the growth of resident memory at the peak of the first. What is compared is the algorithm: networkx
and rustworkx start from their own graph object, already built; ours starts from the array of edges ("list": from a
list of pairs), so that conversion, sorting and the check for duplicates and cycles are counted. All kept edges are
compared: a difference is printed and makes the exit code 1. A tool that passed the limit on a graph of a family is not
asked for its larger ones.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import signal
import subprocess
import sys
import timeit
from collections.abc import Callable
from math import ceil
from pathlib import Path
from time import thread_time
from typing import Any

import numpy as np

from benchmarks.families import FAMILIES, Edges, Graph

SIZES = (4, 20, 100, 300, 500, 1_000, 2_000, 10_000, 100_000)
TOOLS = ("networkx", "rustworkx", "array", "list")
Prepared = tuple[Callable[[], Any], Callable[[Any], Edges]]


def networkx_cell(n: int, edges: Edges, layering: bool) -> Prepared:
    """The call to time, and what turns its answer into kept edges (or levels)."""
    import networkx as nx

    graph: Any = nx.DiGraph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(edges.tolist())
    if layering:
        return lambda: list(nx.topological_generations(graph)), lambda found: _levels_of(n, found)
    return lambda: nx.transitive_reduction(graph), lambda found: np.array(list(found.edges), np.int64)


def rustworkx_cell(n: int, edges: Edges, layering: bool) -> Prepared:
    """The call to time, and what turns its answer into kept edges (or levels)."""
    import rustworkx as rx

    graph: Any = rx.PyDiGraph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from_no_data(list(map(tuple, edges.tolist())))
    if layering:
        return lambda: list(rx.topological_generations(graph)), lambda found: _levels_of(n, found)

    def kept(found: Any) -> Edges:
        reduced, number = found
        old = np.empty(n, np.int64)
        old[[number[node] for node in range(n)]] = np.arange(n)
        return old[np.array(reduced.edge_list(), np.int64).reshape(-1, 2)]

    return lambda: rx.transitive_reduction(graph), kept


def array_cell(n: int, edges: Edges, layering: bool) -> Prepared:
    """The call to time, and what turns its answer into kept edges (or levels)."""
    from core_compiler.graph import levels, transitive_reduction

    if layering:
        return lambda: levels(n, edges), np.asarray
    return lambda: transitive_reduction(n, edges), np.asarray


def list_cell(n: int, edges: Edges, layering: bool) -> Prepared:
    """The call to time, and what turns its answer into kept edges (or levels)."""
    from core_compiler.graph import levels, transitive_reduction

    pairs: list[tuple[int, int]] = list(zip(edges[:, 0].tolist(), edges[:, 1].tolist(), strict=True))
    if layering:
        return lambda: levels(n, pairs), np.asarray
    return lambda: transitive_reduction(n, pairs), np.asarray


CELLS = {"networkx": networkx_cell, "rustworkx": rustworkx_cell, "array": array_cell, "list": list_cell}


def _levels_of(n: int, generations: list[list[int]]) -> Edges:
    level = np.zeros(n, np.int64)
    for depth, nodes in enumerate(generations):
        level[list(nodes)] = depth
    return level


def build(family: str, size: int, shuffled: bool) -> Graph:
    """The graph of a cell; shuffled: nodes renumbered and edges reordered at random."""
    n, edges = FAMILIES[family][0](size)
    if shuffled:
        random = np.random.default_rng(1)
        edges = random.permutation(random.permutation(n).astype(np.int32)[edges])
    return n, edges


def cell(tool: str, family: str, size: int, shuffled: bool, layering: bool, limit: float) -> dict[str, Any]:
    """Measure one tool on one graph, in this process."""
    n, edges = build(family, size, shuffled)
    run, answer = CELLS[tool](n, edges, layering)
    before = _reset_peak()
    started = thread_time()
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(started + limit), resource.RLIM_INFINITY))
    found = run()
    resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    first = thread_time() - started
    megabytes = None if before is None else (_status("VmHWM") - before) / 1024
    kept = answer(found)
    if not layering:
        kept = kept.reshape(-1, 2)
        kept = kept[np.lexsort(kept.T[::-1])]
    timer = timeit.Timer(run, timer=thread_time)
    number = max(1, int(0.02 / max(first, 1e-6)))
    repeats = 15 if first < 0.05 else 5 if first < 0.5 else 2 if first < 2 else 0
    seconds = min(timer.repeat(repeats, number)) / number if repeats else first
    digest = hashlib.sha256(np.ascontiguousarray(kept, np.int64).tobytes()).hexdigest()
    return {"seconds": seconds, "megabytes": megabytes, "kept": len(kept), "digest": digest}


def _status(field: str) -> int:
    """A field of the process's status, in kB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1])
    raise LookupError(field)


def _reset_peak() -> int | None:
    """Forget the peak of resident memory so far and give what is resident now, in kB; None where Linux is not."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
        return _status("VmRSS")
    except OSError:
        return None


def measure(tool: str, family: str, size: int, options: argparse.Namespace) -> dict[str, Any] | None:
    """Measure one tool on one graph in a child process; None if the time limit stopped it."""
    flags = [flag for flag in ("shuffled", "layering") if getattr(options, flag)]
    command = [sys.executable, "-m", "benchmarks.reduction", "--cell", tool, "--family", family, "--sizes", str(size)]
    command += ["--limit", str(options.limit), *(f"--{flag}" for flag in flags)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode == -signal.SIGXCPU:
        return None
    done.check_returncode()
    return json.loads(done.stdout)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--family", choices=FAMILIES, help="only this one")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of nodes aimed at")
    parser.add_argument("--limit", type=float, default=20, help="seconds of CPU a cell")
    parser.add_argument("--shuffled", action="store_true", help="renumber nodes and reorder edges at random")
    parser.add_argument("--layering", action="store_true", help="longest-path levels instead of the reduction")
    parser.add_argument("--cell", choices=CELLS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.cell:
        print(
            json.dumps(cell(options.cell, options.family, sizes[0], options.shuffled, options.layering, options.limit))
        )
        return 0
    names = [options.family] if options.family else list(FAMILIES)
    print("CPU milliseconds, best of several; x: how many times ours (array) is faster; MB: peak growth of memory")
    print(
        f"{'family':14}{'nodes':>8}{'edges':>9}{'kept':>8}"
        + "".join(f"{tool:>11}" for tool in TOOLS)
        + f"{'x nx':>9}{'x rx':>8}"
        + "".join(f"{'MB ' + tool:>14}" for tool in TOOLS)
    )
    failed = 0
    for family in names:
        tools = list(TOOLS)
        for size in dict.fromkeys(min(size, FAMILIES[family][1]) for size in sizes):
            failed += _row(family, size, tools, options)
    return 1 if failed else 0


def _row(family: str, size: int, tools: list[str], options: argparse.Namespace) -> bool:
    """Print one graph's row, and whether the tools differ on it. Tools past the limit are struck from `tools`."""
    n, edges = build(family, size, options.shuffled)
    found = {tool: measure(tool, family, size, options) if tool in tools else None for tool in TOOLS}
    tools[:] = [tool for tool in tools if found[tool]]
    ours = found["array"]

    def show(tool: str, field: str, scale: float, digits: int) -> str:
        one = found[tool]
        if one is None:
            return f">{options.limit:g} s" if field == "seconds" else "-"
        return "-" if one[field] is None else f"{one[field] * scale:.{digits}f}"

    def ratio(tool: str) -> str:
        other = found[tool]
        if ours is None:
            return "-"
        if other is None:
            return f">{options.limit / ours['seconds']:.0f}"
        return f"{other['seconds'] / ours['seconds']:.1f}"

    digests = {one["digest"] for one in found.values() if one}
    print(
        f"{family:14}{n:8}{len(edges):9}{ours['kept'] if ours else '-':>8}"
        + "".join(f"{show(tool, 'seconds', 1000, 3):>11}" for tool in TOOLS)
        + f"{ratio('networkx'):>9}{ratio('rustworkx'):>8}"
        + "".join(f"{show(tool, 'megabytes', 1, 1):>14}" for tool in TOOLS)
        + ("   DIFFERENT" if len(digests) > 1 else ""),
        flush=True,
    )
    return len(digests) > 1


if __name__ == "__main__":
    sys.exit(main())
