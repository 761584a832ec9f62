"""Mermaid flowcharts (https://mermaid.js.org/syntax/flowchart.html), as GitHub and many wikis show them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from core_compiler.diagnostics import Sink
from transpilers.graph import rules
from transpilers.graph.picture import Cluster, Picture, Shape, Stroke, held

#: Mermaid's defaults of maxEdges and maxTextSize.
MOST_LINES, MOST_CHARACTERS = 500, 50_000

_SHAPES: Mapping[Shape, tuple[str, str]] = {
    Shape.PLAIN: ("[", "]"),
    Shape.PYTHON: ("(", ")"),
    Shape.SHELL: ("[[", "]]"),
    Shape.NOOP: ("([", "])"),
    Shape.CHOICE: ("{", "}"),
    Shape.END: ("{{", "}}"),
    Shape.ERROR: ("[", "]"),
    Shape.JOINT: ("((", "))"),
    Shape.AWAIT: ("[/", "/]"),
}
_CLASSES: Mapping[Shape, str] = {
    Shape.PYTHON: "fill:#eef2ff,stroke:#4f46e5,color:#0f172a",
    Shape.SHELL: "fill:#fef3c7,stroke:#b45309,color:#0f172a",
    Shape.NOOP: "fill:#f8fafc,stroke:#64748b,color:#0f172a",
    Shape.CHOICE: "fill:#ccfbf1,stroke:#0f766e,color:#0f172a",
    Shape.ERROR: "fill:#fef2f2,stroke:#dc2626,color:#0f172a,stroke-dasharray:4",
    Shape.JOINT: "fill:#64748b,stroke:#64748b",
    Shape.AWAIT: "fill:#ecfeff,stroke:#0891b2,color:#0f172a",
}
_GROUP = "fill:#f1f5f9,stroke:#cbd5e1,color:#0f172a"
_CRITICAL, _AWAITS = "stroke:#ea580c,stroke-width:3px", "stroke:#0891b2"
_ARROWS: Mapping[Stroke, str] = {
    Stroke.DATA: "==>",
    Stroke.ORDER: "-->",
    Stroke.REDUNDANT: "-.->",
    Stroke.ERROR: "-.->",
    Stroke.AWAIT: "-.->",
}


_LEGEND: Mapping[Stroke, str] = {
    Stroke.DATA: "thick: reads its value",
    Stroke.REDUNDANT: "dotted: redundant",
    Stroke.ERROR: "dotted: after an error",
    Stroke.AWAIT: "dotted teal: waits for another branch",
}


def to_mermaid(picture: Picture, sink: Sink) -> str:
    """The picture as a flowchart: thick lines are data, dotted ones redundant, after an error, or
    a wait for another branch; the critical path is orange.

    A warning is reported where it is larger than viewers allow.
    """
    number = {node.id: f"n{index}" for index, node in enumerate(picture.nodes)}
    text = {
        node.id: f"{number[node.id]}{_SHAPES[node.shape][0]}{_node_label(node.id, node.detail, node.shape)}"
        f"{_SHAPES[node.shape][1]}"
        for node in picture.nodes
    }
    framed = {node for cluster in picture.clusters for node in held(cluster)}
    lines = [
        "---",
        f"title: {json.dumps(_title(picture), ensure_ascii=False)}",
        "---",
        f"flowchart {picture.direction}",
        *(f"  {text[node.id]}" for node in picture.nodes if node.id not in framed),
        *_clusters(picture.clusters, "g", "  ", text),
    ]
    for line in picture.lines:
        label = f"|{_quoted(line.label)}|" if line.label else ""
        lines.append(f"  {number[line.tail]} {_ARROWS[line.stroke]}{label} {number[line.head]}")
    for shape, style in _CLASSES.items():
        members = ",".join(number[node.id] for node in picture.nodes if node.shape is shape)
        if members:
            lines += [f"  classDef {shape} {style}", f"  class {members} {shape}"]
    if groups := ",".join(_numbers(picture.clusters, "g")):
        lines += [f"  classDef group {_GROUP}", f"  class {groups} group"]
    critical = ",".join(number[node.id] for node in picture.nodes if node.critical)
    if critical:
        lines += [f"  classDef critical {_CRITICAL}", f"  class {critical} critical"]
    for style, members in _line_styles(picture):
        lines.append(f"  linkStyle {members} {style}")
    drawn = "\n".join(lines) + "\n"
    if len(picture.lines) > MOST_LINES or len(drawn) > MOST_CHARACTERS:
        sink.report(
            rules.TOO_MUCH_FOR_MERMAID,
            subject=picture.title,
            lines=len(picture.lines),
            characters=len(drawn),
            most_lines=MOST_LINES,
            most_characters=MOST_CHARACTERS,
        )
    return drawn


def _title(picture: Picture) -> str:
    """The name, and what lines mean that are no plain ones."""
    used = {line.stroke for line in picture.lines}
    said = [text for stroke, text in _LEGEND.items() if stroke in used and len(used) > 1]
    said += ["orange: the critical path"] if any(node.critical for node in picture.nodes) else []
    return f"{picture.title} ({'; '.join(said)})" if said else picture.title


def _line_styles(picture: Picture) -> Iterator[tuple[str, str]]:
    critical = [index for index, line in enumerate(picture.lines) if line.critical]
    awaits = [index for index, line in enumerate(picture.lines) if line.stroke is Stroke.AWAIT and not line.critical]
    for style, members in ((_CRITICAL, critical), (_AWAITS, awaits)):
        if members:
            yield style, ",".join(map(str, members))


def _node_label(name: str, detail: str, shape: Shape) -> str:
    if shape is Shape.JOINT:
        return '" "'
    return _quoted(name, f"<br/><small>{_escaped(detail)}</small>" if detail else "")


def _numbers(clusters: tuple[Cluster, ...], number: str) -> Iterator[str]:
    for index, cluster in enumerate(clusters):
        yield f"{number}{index}"
        yield from _numbers(cluster.clusters, f"{number}{index}_")


def _clusters(clusters: tuple[Cluster, ...], number: str, indent: str, text: Mapping[str, str]) -> Iterator[str]:
    for index, cluster in enumerate(clusters):
        own = f"{number}{index}"
        yield f"{indent}subgraph {own}[{_quoted(cluster.label)}]"
        for node in cluster.nodes:
            yield f"{indent}  {text[node]}"
        yield from _clusters(cluster.clusters, f"{own}_", indent + "  ", text)
        yield f"{indent}end"


def _quoted(text: str, after: str = "") -> str:
    return f'"{_escaped(text)}{after}"'


def _escaped(text: str) -> str:
    """Entities for all that Mermaid, its Markdown or HTML might read as more than a character.

    A letter, digit or space is safe; so are dots and hyphens inside a word, where Markdown has no list to see.
    """
    made: list[str] = []
    for index, character in enumerate(text):
        inside = 0 < index < len(text) - 1 and text[index - 1].isalpha() and text[index + 1].isalnum()
        safe = character.isalnum() or character == " " or (inside and character in "._-")
        made.append(character if safe else f"#{ord(character)};")
    return "".join(made)
