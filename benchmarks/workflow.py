"""A workflow of 100,000 tasks as JSON and through the passes: seconds, as ratios to plain `json`, and peak memory.

python benchmarks/workflow.py [TASKS]
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from core_compiler.diagnostics import Sink
from core_compiler.ir import Edge, EdgeKind, Literal, Output, PythonCallable, Task, Workflow
from core_compiler.ir.codec import decode, encode
from core_compiler.passes import PASSES, run_passes
from core_compiler.plan import guessed
from core_compiler.plan.layers import layers

Made = TypeVar("Made")


def tree(count: int) -> Workflow:
    """A reduction tree: task i reads tasks 2i+1 and 2i+2."""
    inner = [index for index in range(count) if 2 * index + 2 < count]
    component = PythonCallable("sums:add")
    tasks = tuple(
        Task(
            id=f"t{index}",
            component=component,
            args=(Output(f"t{2 * index + 1}"), Output(f"t{2 * index + 2}"))
            if 2 * index + 2 < count
            else (Literal(index),),
        )
        for index in range(count)
    )
    edges = tuple(
        Edge(f"t{child}", f"t{index}", EdgeKind.DATA) for index in inner for child in (2 * index + 1, 2 * index + 2)
    )
    return Workflow(name="tree", tasks=tasks, edges=edges)


def timed(what: str, make: Callable[[], Made], unit: float | None = None) -> tuple[Made, float]:
    """Run it once, print a row, and give back what it made and the seconds."""
    started = time.perf_counter()
    made = make()
    seconds = time.perf_counter() - started
    ratio = f"{seconds / unit:8.2f}" if unit else " " * 8
    print(f"{what:<28}{seconds:8.3f} s {ratio}")
    return made, seconds


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    workflow = tree(count)
    print(f"{count:,} tasks, {len(workflow.edges):,} edges; the last column is the ratio to plain json's reading")
    text = encode(workflow)
    _, unit = timed("json.loads, for comparison", lambda: json.loads(text))
    timed("write", lambda: encode(workflow), unit)
    read, _ = timed("read", lambda: decode(text), unit)
    passed, first = timed("passes", lambda: run_passes(read, PASSES, Sink()), unit)
    assert passed is not None
    _, second = timed("layering", lambda: layers(passed, guessed(passed)), unit)
    print(f"{'passes and layering':<28}{first + second:8.3f} s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
