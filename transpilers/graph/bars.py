"""A timeline as SVG: a row a task, what was predicted above what happened."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

from transpilers.graph.timeline import Bar, Chart

#: Points.
ROW, BAR, LEFT, WIDTH, HEAD, RIGHT = 26, 8, 190, 760, 58, 60
_LONGEST_NAME = 28
_TICKS = 8
_COLOURS: Mapping[str, str] = {
    "success": "#16a34a",
    "failed": "#dc2626",
    "upstream_failed": "#f59e0b",
    "skipped": "#94a3b8",
}
_PREDICTED, _CRITICAL = "#c7d2fe", "#ea580c"
_STYLE = (
    "text{font:12px Helvetica,Arial,sans-serif;fill:#0f172a}.small{font-size:10px;fill:#475569}"
    ".title{font-size:16px}line{stroke:#e2e8f0}"
)


def to_bars(chart: Chart) -> str:
    """A document of its own, the same bytes for the same chart."""
    order = list(dict.fromkeys(bar.task for bar in (*chart.predicted, *chart.run)))
    scale = WIDTH / (chart.seconds or 1.0)
    height = HEAD + ROW * len(order) + 16
    whole = LEFT + WIDTH + RIGHT
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{height}" viewBox="0 0 {whole} {height}">',
        f"<style>{_STYLE}</style>",
        f'<rect width="{whole}" height="{height}" fill="white"/>',
        f'<text class="title" x="12" y="24">{escape(chart.title)}</text>',
        *_legend(chart),
        *_axis(chart.seconds, scale, height),
    ]
    row = {task: HEAD + ROW * number for number, task in enumerate(order)}
    lines += [_name(task, top, critical=task in chart.critical) for task, top in row.items()]
    lines += [_predicted(bar, row[bar.task], scale, chart.critical) for bar in chart.predicted]
    lines += [_ran(bar, row[bar.task], scale) for bar in chart.run]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _legend(chart: Chart) -> Iterator[str]:
    entries = [("predicted", _PREDICTED), ("predicted, on the critical path", _CRITICAL)]
    ended = dict.fromkeys(bar.status for bar in chart.run)
    entries += [(status.replace("_", " "), colour) for status, colour in _COLOURS.items() if status in ended]
    at = LEFT
    for words, colour in entries:
        yield f'<rect x="{at}" y="31" width="10" height="8" rx="2" fill="{colour}"/>'
        yield f'<text class="small" x="{at + 14}" y="39">{words}</text>'
        at += 30 + 5.4 * len(words)


def _axis(seconds: float, scale: float, height: int) -> Iterator[str]:
    step = _step(seconds)
    at = 0.0
    while at <= seconds:
        x = LEFT + at * scale
        yield f'<line x1="{x:.1f}" y1="{HEAD - 6}" x2="{x:.1f}" y2="{height - 12}"/>'
        yield f'<text class="small" x="{x:.1f}" y="{HEAD - 8}" text-anchor="middle">{at:g} s</text>'
        at = round(at + step, 6)


def _step(seconds: float) -> float:
    """A round number of seconds between two ticks."""
    if seconds <= 0:
        return 1.0
    size = 10 ** math.floor(math.log10(seconds / _TICKS))
    return next(size * factor for factor in (1, 2, 5, 10) if seconds / (size * factor) <= _TICKS)


def _name(task: str, top: int, *, critical: bool) -> str:
    shown = task if len(task) <= _LONGEST_NAME else f"{task[: _LONGEST_NAME - 1]}…"
    weight = ' font-weight="bold"' if critical else ""
    return f'<text x="{LEFT - 10}" y="{top + 14}" text-anchor="end"{weight}>{escape(shown)}</text>'


def _predicted(bar: Bar, top: int, scale: float, critical: tuple[str, ...]) -> str:
    return _rect(bar, top, scale, _CRITICAL if bar.task in critical else _PREDICTED)


def _ran(bar: Bar, top: int, scale: float) -> str:
    return _rect(bar, top + BAR + 2, scale, _COLOURS.get(bar.status, "#64748b"))


def _rect(bar: Bar, top: int, scale: float, colour: str) -> str:
    x, width = LEFT + bar.start * scale, max(2.0, (bar.end - bar.start) * scale)
    words = f"{bar.task}: {bar.status}, {bar.start:.2f} s to {bar.end:.2f} s"
    return (
        f'<rect x="{x:.1f}" y="{top + 3}" width="{width:.1f}" height="{BAR}" rx="2" fill="{colour}">'
        f"<title>{escape(words)}</title></rect>"
    )
