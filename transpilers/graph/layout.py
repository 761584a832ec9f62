"""Lays a DOT graph out, in a process of its own: DOT on standard input, SVG on standard output.

Graphviz cannot be interrupted from Python and writes warnings to the process's own standard error.
"""

import sys
from typing import cast


def main() -> None:
    """Read, lay out, write."""
    import pygraphviz

    graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode())
    drawn = cast(bytes, graph.draw(format="svg", prog="dot"))  # pyright: ignore[reportUnknownMemberType]
    sys.stdout.buffer.write(drawn)


if __name__ == "__main__":
    main()
