"""docs/diagnostics.md: every rule, from the same data as the messages and `transpile explain`."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from core_compiler.diagnostics import Rule, readable

HEAD = """\
# Diagnostics

Every finding has a code, a place and a hint; `transpile explain CODE` says what stands here. An **error** means that no
bundle is written, a **warning** names a difference between source and machine, a **note** only informs.
"""
AREAS = {
    "SW1": "The workflow, its plan and its bundle",
    "SW2": "The machine and its limits",
    "SW3": "Loading Airflow",
    "SW4": "Airflow's operators and meaning",
    "SW5": "Taking code out",
    "SW6": "Running, comparing, drawing and auditing",
    "SW8": "Luigi",
    "SW9": "Dask graphs",
}
_AREA = 3


def rules_page(rules: Iterable[Rule]) -> str:
    """The page as Markdown; `rules` in the order of their codes."""
    found = list(rules)
    parts = [HEAD, _contents(found)]
    for area, members in groupby(found, key=_area):
        parts.append(f"## {AREAS[area]}\n")
        parts += [_entry(rule) for rule in members]
    return "\n".join(parts)


def _area(rule: Rule) -> str:
    return rule.code[:_AREA]


def _contents(rules: list[Rule]) -> str:
    rows = [f"| [{rule.code}](#{rule.code.lower()}) | {rule.severity} | {_plain(rule.title)} |" for rule in rules]
    return "\n".join(["| code | severity | meaning |", "|---|---|---|", *rows]) + "\n"


def _entry(rule: Rule) -> str:
    lines = [
        f'<a id="{rule.code.lower()}"></a>',
        "",
        f"### {rule.code}: {_plain(rule.title)}",
        "",
        f"{rule.severity.capitalize()}: {_code(readable(rule.message))}",
        "",
        _plain(rule.why),
    ]
    if rule.hint:
        lines += ["", f"What to do: {_plain(readable(rule.hint))}"]
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    """A code span: its fence is longer than any run of backticks within."""
    fence = "`"
    while fence in text:
        fence += "`"
    return f"{fence} {text} {fence}" if "`" in text else f"`{text}`"


def _plain(text: str) -> str:
    """Text in which Markdown sees no markup but code spans, in which all is literal already."""
    parts = text.split("`")
    marks = str.maketrans({mark: f"\\{mark}" for mark in "\\*_<>[]|"})
    outside = [part.translate(marks) for part in parts[::2]]
    inside = [part.replace("|", "\\|") for part in parts[1::2]]
    woven = [part for pair in zip(outside, inside, strict=False) for part in (pair[0], f"`{pair[1]}`")]
    return "".join([*woven, outside[-1]] if len(outside) > len(inside) else woven)
