"""A timeline as a Mermaid Gantt chart (https://mermaid.js.org/syntax/gantt.html)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core_compiler.diagnostics import Sink
from transpilers.graph import rules
from transpilers.graph.axis import words
from transpilers.graph.mermaid import MOST_CHARACTERS, MOST_LINES
from transpilers.graph.timeline import Bar, Chart, ends

#: Mermaid's own words for colours.
_TAGS: Mapping[str, str] = {
    "failed": "crit, ",
    "upstream_failed": "crit, ",
    "retried": "active, crit, ",
    "success": "done, ",
    "running": "active, ",
}
#: Below so many seconds an axis of whole ones would say the same twice.
_FEW_SECONDS = 8


def to_gantt(chart: Chart, sink: Sink) -> str:
    """A section for what was predicted, its critical path marked, and one for what a run did, its failures marked.

    A warning is reported where it is larger than viewers allow.
    """
    # Seconds and milliseconds since the epoch are the same in every time zone; a time of day is the viewer's.
    axis = "%Q ms" if chart.seconds < _FEW_SECONDS else "%s s"
    red = "red is the critical path, and what failed in the run" if chart.run else "red is the critical path"
    lines = ["gantt", f"  title {_plain(chart.title)} ({red})", "  dateFormat x", f"  axisFormat {axis}"]
    lines += _section(f"predicted, {words(ends(chart.predicted))}", chart.predicted, set(chart.critical))
    if chart.run:
        so_far = " so far" if chart.going else ""
        lines += _section(f"the run, {words(ends(chart.run))}{so_far}", chart.run, set())
    drawn = "\n".join(lines) + "\n"
    if len(drawn) > MOST_CHARACTERS:
        sink.report(
            rules.TOO_MUCH_FOR_MERMAID,
            subject=chart.title,
            lines=len(lines),
            characters=len(drawn),
            most_lines=MOST_LINES,
            most_characters=MOST_CHARACTERS,
        )
    return drawn


def _section(name: str, bars: tuple[Bar, ...], critical: set[str]) -> Iterator[str]:
    yield f"  section {name}"
    for bar in bars:
        tag = "crit, " if bar.task in critical else _TAGS.get(bar.status, "")
        # What takes no time is seen as a milestone alone.
        tag += "milestone, " if bar.end <= bar.start else ""
        tried = f" try {bar.number}" if bar.number > 1 or bar.status == "retried" else ""
        ended = "" if bar.status in ("predicted", "success") else f" ({bar.status})"
        yield f"  {_plain(bar.task)}{tried}{ended} :{tag}{round(bar.start * 1000)}, {round(bar.end * 1000)}"


def _plain(text: str) -> str:
    """A name without what ends it in this language, or begins something else."""
    return "".join(" " if character in ':;#,%\n"' else character for character in text).strip() or "-"
