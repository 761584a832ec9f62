"""Drawings of a bundle: the source's graph, or the machine's states, as Mermaid, DOT or SVG."""

from transpilers.graph.bars import to_bars
from transpilers.graph.bundle import read_machine, read_manifest
from transpilers.graph.dot import to_dot
from transpilers.graph.gantt import to_gantt
from transpilers.graph.history import read_tries
from transpilers.graph.machine import machine_picture
from transpilers.graph.mermaid import to_mermaid
from transpilers.graph.picture import Cluster, Direction, Line, Node, Picture, Shape, Stroke
from transpilers.graph.source import source_picture
from transpilers.graph.svg import to_svg
from transpilers.graph.timeline import Chart, chart

__all__ = [
    "Chart",
    "Cluster",
    "Direction",
    "Line",
    "Node",
    "Picture",
    "Shape",
    "Stroke",
    "chart",
    "machine_picture",
    "read_machine",
    "read_manifest",
    "read_tries",
    "source_picture",
    "to_bars",
    "to_dot",
    "to_gantt",
    "to_mermaid",
    "to_svg",
]
