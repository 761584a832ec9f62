"""A timeline as a Mermaid Gantt chart (https://mermaid.js.org/syntax/gantt.html)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from transpilers.graph.timeline import Bar, Chart

#: Mermaid's own words for colours.
_TAGS: Mapping[str, str] = {"failed": "crit, ", "upstream_failed": "crit, ", "success": "done, ", "predicted": ""}


def to_gantt(chart: Chart) -> str:
    """A section for what was predicted, its critical path marked, and one for what a run did, its failures marked."""
    lines = ["gantt", f"  title {_plain(chart.title)}", "  dateFormat x", "  axisFormat %H:%M:%S"]
    lines += _section("predicted", chart.predicted, set(chart.critical))
    if chart.run:
        lines += _section("the run", chart.run, set())
    return "\n".join(lines) + "\n"


def _section(name: str, bars: tuple[Bar, ...], critical: set[str]) -> Iterator[str]:
    yield f"  section {name}"
    for bar in bars:
        tag = "crit, " if bar.task in critical else _TAGS.get(bar.status, "")
        ended = "" if bar.status in ("predicted", "success") else f" ({bar.status})"
        yield f"  {_plain(bar.task)}{ended} :{tag}{round(bar.start * 1000)}, {round(bar.end * 1000)}"


def _plain(text: str) -> str:
    """A name without what ends it in this language, or begins something else."""
    return "".join(" " if character in ':;#,%\n"' else character for character in text).strip() or "-"
