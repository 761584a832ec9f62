"""A mapped task of 1,000 items that each leave 1 MB, 5% of which fail: what passes through the machine, who holds it.

python -m benchmarks.mapping [--items N] [--bytes N] [--store URL]

Prints the largest input and output of any state, the driver's memory (the process that interprets the machine) and the
largest worker's, and compares the status of every item with what it was made to be. Exit 1 where one differs.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from core_compiler.bundle import write_bundle
from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink, to_text
from core_compiler.ir import Edge, EdgeKind, Item, Literal, Mapping, Output, PythonCallable, SourceFile, Task, Workflow
from core_compiler.ir.workflow import TriggerRule
from transpilers.local.run import run_bundle

WORK = """
def numbers(count):
    return list(range(count))


def work(number, size):
    if number % 20 == 7:
        raise ValueError(f"item {number} is made to fail")
    return "x" * size


def total(values):
    return sum(len(value) for value in values)
"""


def main() -> int:
    """Run once, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=1000)
    parser.add_argument("--bytes", type=int, default=1_000_000)
    asked = parser.parse_args()
    before = _megabytes(resource.RUSAGE_SELF)
    with tempfile.TemporaryDirectory() as folder:
        sink = Sink()
        compiled = compile_workflow(_workflow(asked.items, asked.bytes), sink)
        assert compiled is not None, to_text(sink.diagnostics)
        assert write_bundle(compiled, Path(folder) / "bundle", sink)
        seen = _Largest()
        started = time.monotonic()
        with seen:
            result = run_bundle(Path(folder) / "bundle", store=(Path(folder) / "store").as_uri(), concurrency=4)
        seconds = time.monotonic() - started
    expected = {f"work[{number}]": "failed" if number % 20 == 7 else "success" for number in range(asked.items)}
    found = {task: status for task, status in result.tasks.items() if task.startswith("work[")}
    wrong = sum(found.get(task) != status for task, status in expected.items())
    rows = [
        ("items", f"{len(found):,}"),
        ("of them failed", f"{sum(status == 'failed' for status in found.values()):,}"),
        ("statuses that differ from what the item was made to be", f"{wrong:,}"),
        ("bytes left by the items, as the task after them counts", f"{result.results.get('total'):,}"),
        ("largest input or output of a state, bytes", f"{seen.largest:,}"),
        ("memory of the driver, MB", f"{_megabytes(resource.RUSAGE_SELF):,.0f} (before the run {before:,.0f})"),
        ("memory of the largest worker, MB", f"{_megabytes(resource.RUSAGE_CHILDREN):,.0f}"),
        ("seconds", f"{seconds:,.1f}"),
    ]
    for name, value in rows:
        print(f"{name:<58} {value}")
    return 1 if wrong or len(found) != asked.items else 0


def _workflow(items: int, size: int) -> Workflow:
    mapping = Mapping({"number": Output("numbers")})
    return Workflow(
        name="mapping",
        tasks=(
            Task(id="numbers", component=PythonCallable("work:numbers"), args=(Literal(items),), mapped_over=True),
            Task(
                id="work",
                component=PythonCallable("work:work"),
                args=(Item("number"), Literal(size)),
                mapping=mapping,
            ),
            Task(
                id="total",
                component=PythonCallable("work:total"),
                args=(Output("work"),),
                rule=TriggerRule.ALL_DONE,
            ),
        ),
        edges=(Edge("numbers", "work", EdgeKind.DATA), Edge("work", "total", EdgeKind.DATA)),
        files=(SourceFile("work.py", WORK),),
    )


class _Largest:
    """Watches what states are entered and left with, in every execution of the local engine."""

    largest = 0

    def __enter__(self) -> None:
        from moto.stepfunctions.parser.asl.eval import states as moto_states

        self._module = moto_states
        self._reset = moto_states.States.reset

        def reset(own: object, input_value: object) -> None:
            self.largest = max(self.largest, len(str(input_value)))
            self._reset(own, input_value)

        moto_states.States.reset = reset

    def __exit__(self, *_: object) -> None:
        self._module.States.reset = self._reset


def _megabytes(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
