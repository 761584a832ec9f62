"""DOT, the language of Graphviz (https://graphviz.org/doc/info/lang.html): complete, with its own colours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from transpilers.graph.picture import Cluster, Line, Node, Picture, Shape, Stroke

_FONT = "Helvetica,Arial,sans-serif"
_GRAPH = {
    "fontname": _FONT,
    "fontsize": "16",
    "fontcolor": "#0f172a",
    "labelloc": "t",
    "bgcolor": "white",
    "pad": "0.3",
    "nodesep": "0.3",
    "ranksep": "0.45",
}
_NODE = {
    "fontname": _FONT,
    "fontsize": "12",
    "fontcolor": "#0f172a",
    "shape": "box",
    "style": "rounded,filled",
    "color": "#64748b",
    "fillcolor": "#f8fafc",
    "margin": "0.16,0.08",
    "height": "0.4",
}
_EDGE = {"fontname": _FONT, "fontsize": "10", "fontcolor": "#475569", "color": "#64748b", "arrowsize": "0.7"}
_CLUSTER = {"style": "rounded,filled", "color": "#cbd5e1", "fillcolor": "#f1f5f9", "fontsize": "12", "labeljust": "l"}

_SHAPES: Mapping[Shape, Mapping[str, str]] = {
    Shape.PLAIN: {},
    Shape.PYTHON: {"color": "#4f46e5", "fillcolor": "#eef2ff"},
    Shape.SHELL: {"shape": "note", "style": "filled", "color": "#b45309", "fillcolor": "#fef3c7"},
    Shape.NOOP: {"shape": "ellipse", "style": "filled", "margin": "0.04,0.03"},
    Shape.CHOICE: {"shape": "diamond", "style": "filled", "color": "#0f766e", "fillcolor": "#ccfbf1"},
    Shape.END: {"shape": "octagon", "style": "filled", "color": "#475569", "fillcolor": "#e2e8f0"},
    Shape.ERROR: {"color": "#dc2626", "fillcolor": "#fef2f2", "style": "rounded,filled,dashed"},
    Shape.AWAIT: {
        "shape": "hexagon",
        "style": "filled",
        "color": "#0891b2",
        "fillcolor": "#ecfeff",
        "margin": "0.02,0.02",
    },
    Shape.JOINT: {"shape": "point", "width": "0.1", "height": "0.1", "fillcolor": "#64748b"},
}
_STROKES: Mapping[Stroke, Mapping[str, str]] = {
    Stroke.DATA: {"color": "#4f46e5", "penwidth": "1.6"},
    Stroke.ORDER: {},
    Stroke.REDUNDANT: {"color": "#94a3b8", "style": "dashed", "weight": "0"},
    Stroke.ERROR: {"color": "#dc2626", "style": "dashed", "weight": "0"},
    Stroke.AWAIT: {"color": "#0891b2", "style": "dashed"},
}
_CRITICAL = {"color": "#ea580c", "penwidth": "2.5"}
_LEGEND: Mapping[Stroke, str] = {
    Stroke.DATA: "blue: reads its value",
    Stroke.ORDER: "grey: comes after",
    Stroke.REDUNDANT: "grey dashed: redundant",
    Stroke.ERROR: "red dashed: after an error",
    Stroke.AWAIT: "teal dashed: waits for another branch",
}


def to_dot(picture: Picture) -> str:
    """The picture in DOT. Nodes go by their own names, quoted."""
    head = _list({**_GRAPH, "rankdir": picture.direction.value})
    lines = [
        f"digraph {_quoted(picture.title)} {{",
        f"  graph [{head}, label={_title(picture)}];",
        f"  node [{_list(_NODE)}];",
        f"  edge [{_list(_EDGE)}];",
        *(_node(node) for node in picture.nodes),
        *_clusters(picture.clusters, "0", "  "),
        *(_line(line) for line in picture.lines),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _title(picture: Picture) -> str:
    """The name, and below it what the strokes mean where there is more than one kind."""
    used = {line.stroke for line in picture.lines}
    words = [text for stroke, text in _LEGEND.items() if stroke in used] if len(used) > 1 else []
    words += ["orange: the critical path"] if any(node.critical for node in picture.nodes) else []
    legend = "; ".join(words)
    # An empty line keeps it away from what is drawn.
    return f'<{_html(picture.title)}<br/><font point-size="10" color="#475569">{_html(legend) or " "}</font><br/> >'


def _node(node: Node) -> str:
    label = '""' if node.shape is Shape.JOINT else _label(node.id, node.detail, 9)
    given = {**_SHAPES[node.shape], **(_CRITICAL if node.critical else {})}
    attributes = "".join(f", {key}={_quoted(value)}" for key, value in given.items())
    return f"  {_quoted(node.id)} [label={label}{attributes}];"


def _line(line: Line) -> str:
    given = _list({**_STROKES[line.stroke], **(_CRITICAL if line.critical else {})})
    # Graphviz sets a label right beside its line, so that the spaces are the distance.
    label = f"label={_text(f'  {line.label}  ')}" if line.label else ""
    attributes = ", ".join(part for part in (label, given) if part)
    return f"  {_quoted(line.tail)} -> {_quoted(line.head)}" + (f" [{attributes}];" if attributes else ";")


def _clusters(clusters: tuple[Cluster, ...], number: str, indent: str) -> Iterator[str]:
    for index, cluster in enumerate(clusters):
        own = f"{number}_{index}"
        # Only a subgraph whose name begins with "cluster" is drawn with a frame.
        yield f'{indent}subgraph "cluster{own}" {{'
        yield f"{indent}  graph [{_list(_CLUSTER)}, label={_text(cluster.label)}];"
        for node in cluster.nodes:
            yield f"{indent}  {_quoted(node)};"
        yield from _clusters(cluster.clusters, own, indent + "  ")
        yield f"{indent}}}"


def _list(attributes: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={_quoted(value)}" for key, value in attributes.items())


def _label(text: str, detail: str, points: int) -> str:
    """A label of one line, or an HTML-like one with a smaller second line."""
    if not detail:
        return _text(text)
    return f'<{_html(text)}<br/><font point-size="{points}" color="#475569">{_html(detail)}</font>>'


def _text(text: str) -> str:
    """A quoted label: in labels, unlike in names, entities such as `&lt;` are read."""
    return _quoted(text.replace("&", "&amp;"))


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def _html(text: str) -> str:
    # A backslash would begin an escape such as \N, the node's name, before the entities are read.
    marks = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\\": "&#92;", "\n": " "}
    return "".join(marks.get(character, character) for character in text)
