"""A timeline as SVG: a row a task, what was predicted above what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

from transpilers.graph.axis import ticks, words
from transpilers.graph.timeline import Bar, Chart, ends

#: Points.
ROW, BAR, WIDTH, HEAD, RIGHT = 26, 8, 760, 74, 60
#: The room for names, and what a letter of one takes.
_NARROWEST, _WIDEST, _LETTER = 100, 420, 8
#: With so many rows the axis is out of sight at the last ones, and is drawn below them too.
_MANY_ROWS = 25
_COLOURS: Mapping[str, str] = {
    "success": "#16a34a",
    "retried": "#fca5a5",
    "failed": "#dc2626",
    "upstream_failed": "#f59e0b",
    "skipped": "#94a3b8",
    "running": "#2563eb",
    "unfinished": "#7c3aed",
}
_LEGEND: Mapping[str, str] = {
    "retried": "a try that failed",
    "upstream_failed": "upstream failed",
    "unfinished": "began, and left no end",
}
_PREDICTED, _CRITICAL = "#c7d2fe", "#ea580c"
_STYLE = (
    "text{font:12px Helvetica,Arial,sans-serif;fill:#0f172a}.small{font-size:10px;fill:#475569}"
    ".title{font-size:16px}.critical{font-weight:bold}line{stroke:#e2e8f0}"
)


def to_bars(chart: Chart) -> str:
    """A document of its own, the same bytes for the same chart."""
    order = list(dict.fromkeys(bar.task for bar in (*chart.predicted, *chart.run)))
    left = min(_WIDEST, max(_NARROWEST, *(_length(_printable(task)) + 20 for task in order))) if order else _NARROWEST
    critical = set(chart.critical)
    scale = WIDTH / (chart.seconds or 1.0)
    bottom = HEAD + ROW * len(order)
    height = bottom + (32 if len(order) > _MANY_ROWS else 16)
    whole = left + WIDTH + RIGHT
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{height}" viewBox="0 0 {whole} {height}">',
        f"<style>{_STYLE}</style>",
        f'<rect width="{whole}" height="{height}" fill="white"/>',
        f'<text class="title" x="12" y="22">{escape(_printable(chart.title))}</text>',
        f'<text class="small" x="{left}" y="38">{escape(_summary(chart))}</text>',
        *_legend(chart, left),
        *_axis(chart.seconds, left, scale, bottom, below=len(order) > _MANY_ROWS),
    ]
    row = {task: HEAD + ROW * number for number, task in enumerate(order)}
    lines += [_name(task, left, top, critical=task in critical) for task, top in row.items()]
    # Alone, a bar stands beside the middle of its name.
    above = 1 if chart.run else 1 + BAR // 2
    lines += [
        _rect(bar, left, row[bar.task] + above, scale, _CRITICAL if bar.task in critical else _PREDICTED)
        for bar in chart.predicted
    ]
    lines += [
        _rect(bar, left, row[bar.task] + BAR + 3, scale, _COLOURS.get(bar.status, "#64748b")) for bar in chart.run
    ]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _summary(chart: Chart) -> str:
    predicted = f"{words(ends(chart.predicted))} if each task takes what is expected of it and none fails"
    if not chart.run:
        return f"predicted: {predicted}"
    took = f"{words(ends(chart.run))}{' so far' if chart.going else ''}"
    return f"the run, below: {took}; predicted, above: {predicted}" if chart.predicted else f"the run: {took}"


def _legend(chart: Chart, left: int) -> Iterator[str]:
    entries = [("predicted", _PREDICTED), ("predicted, on the critical path", _CRITICAL)]
    ended = {bar.status for bar in chart.run}
    entries += [(_LEGEND.get(status, status), colour) for status, colour in _COLOURS.items() if status in ended]
    at = float(left)
    for text, colour in entries:
        yield f'<rect x="{at:g}" y="46" width="10" height="8" rx="2" fill="{colour}"/>'
        yield f'<text class="small" x="{at + 14:g}" y="54">{text}</text>'
        at += round(30 + 5.4 * len(text), 1)


def _axis(seconds: float, left: int, scale: float, bottom: int, *, below: bool) -> Iterator[str]:
    for at in ticks(seconds):
        x = left + at * scale
        yield f'<line x1="{x:.1f}" y1="{HEAD - 4}" x2="{x:.1f}" y2="{bottom + 4}"/>'
        yield f'<text class="small" x="{x:.1f}" y="{HEAD - 6}" text-anchor="middle">{words(at)}</text>'
        if below:
            yield f'<text class="small" x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{words(at)}</text>'


def _length(text: str) -> int:
    """About how wide a text is, in points."""
    return sum(2 * _LETTER if east_asian_width(letter) in "WF" else _LETTER for letter in text)


def _name(task: str, left: int, top: int, *, critical: bool) -> str:
    style = ' class="critical"' if critical else ""
    name = _printable(task)
    shown = _shortened(name, left - 20)
    full = f"<title>{escape(name)}</title>" if shown != name else ""
    return f'<text{style} x="{left - 10}" y="{top + 14}" text-anchor="end">{escape(shown)}{full}</text>'


def _shortened(task: str, most: int) -> str:
    """The name without its middle where it is too long: names most often differ at their ends."""
    if _length(task) <= most:
        return task
    kept = most // _LETTER
    while True:
        short = f"{task[: kept // 3]}…{task[len(task) - (kept - kept // 3) :]}"
        if _length(short) <= most or kept < 2:
            return short
        kept -= 1


def _rect(bar: Bar, left: int, top: int, scale: float, colour: str) -> str:
    x, width = left + bar.start * scale, max(2.0, (bar.end - bar.start) * scale)
    tried = f", try {bar.number}" if bar.number > 1 or bar.status == "retried" else ""
    said = f"{bar.task}{tried}: {bar.status}, {bar.start:.2f} s to {bar.end:.2f} s"
    if bar.words:
        said += f" ({bar.words})"
    return (
        f'<rect x="{x:.1f}" y="{top + 2}" width="{width:.1f}" height="{BAR}" rx="2" fill="{colour}">'
        f"<title>{escape(_printable(said))}</title></rect>"
    )


def _printable(text: str) -> str:
    """The text without control characters, which XML cannot hold."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
