"""A run for a person: a line that follows it, then a table of tasks, then the logs that matter."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from transpilers.cli.output import print_diagnostics
from transpilers.local import RunResult, task_logs

STYLES = {"success": "green", "failed": "red", "upstream_failed": "yellow", "skipped": "cyan"}
MARKS = {"success": "✓", "failed": "✗", "upstream_failed": "↷", "skipped": "–"}
PLAIN_WIDTH = 110
#: However long a value is, a task can be told from another.
LEAST_TASK_WIDTH = 20

OnEvent = Callable[[str, str], None]


@contextmanager
def follow(bundle: Path, *, quiet: bool) -> Generator[OnEvent | None]:
    """A spinner with counts on stderr while the machine runs; nothing where stderr is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    statuses: dict[str, str] = {}
    with Console(stderr=True).status(f"running {bundle}") as status:

        def on_event(task: str, now: str) -> None:
            statuses[task] = now
            counts = ", ".join(f"{number} {word}" for word, number in Counter(statuses.values()).items())
            status.update(f"running {bundle}: {counts}")

        yield on_event


def print_result(result: RunResult, store: str, *, all_logs: bool) -> None:
    """The table, the verdict, and the logs of failed tasks (or of all)."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("task", overflow="fold", min_width=LEAST_TASK_WIDTH)
    table.add_column("status", no_wrap=True)
    table.add_column("tries", justify="right", no_wrap=True)
    table.add_column("result", overflow="ellipsis", no_wrap=True)
    for task, status in result.tasks.items():
        word = status or "never reached"
        shown = Text(f"{MARKS.get(word, '·')} {word}", STYLES.get(word, "dim"))
        value = _value(result.results[task]) if task in result.results else ""
        table.add_row(Text(task), shown, str(result.tries.get(task, 0)), Text(value))
    console.print(table)
    colour = "green" if result.status == "SUCCEEDED" else "red"
    verdict = Text(result.status, colour)
    verdict.append(f"  {result.seconds:.2f} s, {result.transitions} transitions, run {result.run}", "default")
    console.print(verdict, soft_wrap=True)
    console.print(Text(f"  {_held(result)}", "dim"), soft_wrap=True)
    print_diagnostics(result.diagnostics)
    for task, status in result.tasks.items():
        if all_logs or status == "failed":
            _print_logs(console, store, result.run, task)


def _held(result: RunResult) -> str:
    """What was predicted for tasks that end like this, beside what the history holds."""
    real = f"{result.transitions:,} transitions, {result.events:,} history events"
    if result.expected is None:
        return f"{real}; nothing is predicted of a run that was stopped, or of a machine that was changed by hand"
    predicted = f"{result.expected.transitions:,} transitions, {result.expected.events:,} history events"
    if real == predicted:
        return f"as predicted for tasks that end like this: {real}"
    return f"predicted for tasks that end like this: {predicted}; it took {real}, with retries after faults"


def _value(value: object) -> str:
    """A value as JSON, or what stands for one that JSON cannot hold as Python shows it."""
    match value:
        case {"type": str(), "repr": str(shown), "key": str()}:
            return shown
        case _:
            return json.dumps(value, ensure_ascii=False)


def _print_logs(console: Console, store: str, run: str, task: str) -> None:
    for number, text in task_logs(store, run, task):
        if text:
            console.print(
                Text(f"\n── {task}, try {number} ".ljust(min(72, shutil.get_terminal_size().columns), "─"), "dim")
            )
            console.print(Text(text.rstrip("\n")), soft_wrap=True)
