"""The parts of an audit's report, each a paragraph or a table that fits the width of the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from core_compiler.diagnostics import Diagnostic
from transpilers.audit.report import Blocker, DagReport, FileReport, Held, Ignored, TaskReport, Totals, Verdict

#: Rows of a table unless all are asked for.
ROWS = 15
STYLES = {
    Verdict.NATIVE: "green",
    Verdict.LAMBDA: "green",
    Verdict.CONTAINER: "cyan",
    Verdict.MANUAL: "yellow",
    Verdict.IMPOSSIBLE: "red",
}


class Row(NamedTuple):
    """A DAG as it is listed: `size` tasks, of which `open` do not compile. `tasks` is empty where not kept."""

    path: str
    id: str
    verdict: Verdict
    size: int
    open: int
    blockers: tuple[Held, ...]
    tasks: tuple[TaskReport, ...]
    transitions: int | None


def row(file: FileReport, dag: DagReport, *, keep: bool) -> Row:
    """What is listed of a DAG, its tasks only where they are to be kept."""
    stuck = sum(not task.verdict.compiles for task in dag.tasks)
    transitions = dag.cost.transitions if dag.cost else None
    kept = dag.tasks if keep else ()
    return Row(file.path, dag.id, dag.verdict, len(dag.tasks), stuck, dag.blockers, kept, transitions)


def summary(console: Console, totals: Totals, below: str) -> None:
    """Two or three sentences. `below`: the folder that paths are shown from, "" where they are whole."""
    count, tasks = sum(totals.dags.values()), sum(totals.tasks.values())
    fit = sum(number for verdict, number in totals.dags.items() if verdict.compiles)
    where = f" below {below}" if below else ""
    said = Text(f"{number(count, 'DAG')} with {number(tasks, 'task')} in {number(totals.files, 'file')}{where}: ")
    ready = totals.compiling
    said.append(
        f"{ready} compiles as it is" if ready == 1 else f"{ready} compile as they are",
        "bold green" if ready else "bold",
    )
    if ready:
        said.append(f" ({100 * ready // count} %)")
    if fit > ready:
        said.append(f", {fit - ready} but for what is ignored")
    if totals.dags[Verdict.MANUAL]:
        said.append(", ").append(_need(totals.dags[Verdict.MANUAL]), "bold yellow")
    if totals.dags[Verdict.IMPOSSIBLE]:
        said.append(", ").append(f"{totals.dags[Verdict.IMPOSSIBLE]} cannot leave Airflow", "bold red")
    if totals.unreadable:
        said.append("; ").append(f"{number(totals.unreadable, 'file')} could not be read", "bold red")
    console.print(said.append("."))
    counted = [f"{found} {verdict}" for verdict, found in totals.tasks.items() if found]
    if counted:
        console.print(f"Tasks: {', '.join(counted)}.")
    if ready:
        console.print(
            f"What compiles takes {totals.cost.transitions:,} transitions for one run of each DAG: "
            f"${totals.cost.dollars:,.2f} for 1,000 runs, Lambda not counted."
        )


def blockers(console: Console, found: Sequence[Blocker], most: int | None) -> None:
    """What holds DAGs back, the worst first."""
    if not found:
        return
    _heading(console, "What holds DAGs back", "alone: nothing else does")
    table = _table()
    for name in ("DAGs", "alone"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("code", no_wrap=True)
    table.add_column("what", overflow="fold")
    table.add_column("for example", overflow="fold")
    for one in found[:most]:
        table.add_row(str(one.dags), str(one.alone), one.code, Text(_said(one)), Text(one.example))
    _print(console, table, len(found), most)


def unreadable(console: Console, found: Sequence[Diagnostic], most: int | None) -> None:
    """Files that tell nothing about their DAGs, and why."""
    if not found:
        return
    _heading(console, "Files that could not be read")
    table = _table()
    table.add_column("file", overflow="fold")
    table.add_column("code", no_wrap=True)
    table.add_column("why", overflow="fold")
    for one in found[:most]:
        table.add_row(Text(str(one.span)), one.code, Text(one.message))
    _print(console, table, len(found), most)


def dags(console: Console, found: Sequence[Row], most: int | None) -> None:
    """DAGs that need work, those that need least first; then those that compile."""
    work = sorted((one for one in found if not one.verdict.compiles), key=_effort)
    ready = sorted((one for one in found if one.verdict.compiles), key=lambda one: (-one.size, one.path, one.id))
    if work:
        _heading(console, "DAGs that need work, the nearest first")
        table = _table()
        table.add_column("DAG", overflow="fold")
        table.add_column("file", overflow="fold")
        table.add_column("tasks", justify="right", no_wrap=True)
        table.add_column("of them stuck", justify="right", no_wrap=True)
        table.add_column("held back by", overflow="fold")
        for one in work[:most]:
            stuck = Text(str(one.open) if one.size else "?", STYLES[one.verdict])
            codes = Counter(held.code for held in one.blockers)
            by = ", ".join(f"{code} ({times})" if times > 1 else code for code, times in codes.items())
            table.add_row(Text(one.id), Text(one.path), str(one.size) if one.size else "?", stuck, by)
        _print(console, table, len(work), most)
    if ready:
        _heading(console, "DAGs that compile as they are, the largest first")
        table = _table()
        table.add_column("DAG", overflow="fold")
        table.add_column("file", overflow="fold")
        table.add_column("tasks", justify="right", no_wrap=True)
        table.add_column("transitions a run", justify="right", no_wrap=True)
        for one in ready[:most]:
            shown = "but for what is ignored" if one.transitions is None else f"{one.transitions:,}"
            table.add_row(Text(one.id), Text(one.path), str(one.size), shown)
        _print(console, table, len(ready), most)


def tasks(console: Console, found: Sequence[Row]) -> None:
    """DAGs with their tasks."""
    for one in found:
        title = Text(f"{one.id}  ", "bold").append(one.verdict, STYLES[one.verdict]).append(f"  {one.path}", "dim")
        table = _table()
        table.add_column("line", justify="right", no_wrap=True)
        table.add_column("task", overflow="fold")
        table.add_column("operator", overflow="fold")
        table.add_column("becomes", no_wrap=True)
        table.add_column("why", overflow="fold")
        for task in one.tasks:
            why = f"{task.code} {task.reason}" if task.code else task.reason
            shown = Text(task.verdict, STYLES[task.verdict])
            table.add_row(str(task.line or ""), Text(task.id), Text(task.operator), shown, Text(why))
        console.print()
        console.print(title)
        if one.tasks:
            console.print(table)
        about = [held for held in one.blockers if held.code not in {task.code for task in one.tasks}]
        for held in about:
            console.print(Text(f"  line {held.line}: {held.code} {_said(held)}"), soft_wrap=True)


def ignored(console: Console, found: Sequence[Ignored]) -> None:
    """Every finding that a comment puts aside, and its reason: none is left out."""
    if not found:
        return
    _heading(console, "Ignored by comments in the files")
    table = _table()
    table.add_column("where", overflow="fold")
    table.add_column("code", no_wrap=True)
    table.add_column("finding", overflow="fold")
    table.add_column("reason", overflow="fold")
    for one in found:
        finding = one.finding
        subject = f"{finding.subject}: " if finding.subject else ""
        where, said = Text(f"{finding.path}:{finding.line}"), Text(f"{subject}{finding.message}")
        table.add_row(where, finding.code, said, Text(one.reason))
    _print(console, table, len(found), None)


def asides(console: Console, found: Sequence[Diagnostic], most: int | None) -> None:
    """Findings about the audit itself: comments that ignore nothing, readings that differ."""
    if not found:
        return
    console.print()
    for one in found[:most]:
        subject = f"{one.subject}: " if one.subject else ""
        console.print(Text(f"{one.span}: {one.severity}[{one.code}] {subject}{one.message}"), soft_wrap=True)
    _more(console, len(found), most)


def number(count: int, word: str) -> str:
    """A count with its word."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def _need(count: int) -> str:
    return "1 needs work" if count == 1 else f"{count} need work"


def _effort(one: Row) -> tuple[int, int, int, str, str]:
    return one.verdict.rank, len(one.blockers), one.open, one.path, one.id


def _said(one: Blocker | Held) -> str:
    """An operator with the rule's title, or what the message says, else the title alone."""
    # All packages with rules: where nothing holds a DAG back they need not be loaded.
    from transpilers.cli.registry import all_rules

    title = all_rules()[one.code].title
    return f"{one.what}: not supported" if one.what.isidentifier() else one.what or title


def _table() -> Table:
    return Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")


def _heading(console: Console, title: str, more: str = "") -> None:
    console.print()
    console.print(Text(title, "bold").append(f"  ({more})" if more else "", "not bold dim"))


def _print(console: Console, table: Table, count: int, most: int | None) -> None:
    console.print(table)
    _more(console, count, most)


def _more(console: Console, count: int, most: int | None) -> None:
    if most is not None and count > most:
        console.print(Text(f"... and {count - most} more (--all lists them)", "dim"))
