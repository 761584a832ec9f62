"""`transpile graph`: a drawing of a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from core_compiler.diagnostics import Sink
    from transpilers.graph import Picture

FORMATS = ("mermaid", "dot", "svg")
HELP = {
    "bundle": "The bundle's folder.",
    "format": "What to print: mermaid, dot or svg.",
    "machine": "Draw the machine's states instead of the source's tasks.",
    "errors": "With --machine: also what follows an error, dashed.",
    "json": "Print the drawing, its nodes, lines and clusters as JSON.",
}


def graph(
    bundle: Path = typer.Argument(help=HELP["bundle"]),
    form: str = typer.Option("mermaid", "--format", help=HELP["format"]),
    machine: bool = typer.Option(False, "--machine", help=HELP["machine"]),
    errors: bool = typer.Option(False, "--errors", help=HELP["errors"]),
    as_json: bool = typer.Option(False, "--json", help=HELP["json"]),
) -> None:
    """Draw a bundle: tasks and edges, redundant ones dashed, or the machine's states."""
    from core_compiler.diagnostics import Sink
    from transpilers.cli.output import print_diagnostics, print_json, working
    from transpilers.cli.rules import MISSING_EXTRA
    from transpilers.cli.usage import check_choice
    from transpilers.graph import rules

    check_choice("--format", form, FORMATS)
    if errors and not machine:
        raise typer.BadParameter("only a machine has error paths: add --machine", param_hint="--errors")
    sink = Sink()
    drawn = None
    with working(f"drawing {bundle}"):
        picture = _picture(bundle, sink, machine=machine, errors=errors)
        if picture is not None:
            drawn = _drawn(picture, form, sink)
    if as_json:
        print_json({"format": form, "text": drawn, "picture": picture, "diagnostics": sink.diagnostics})
    else:
        if drawn is not None:
            # Bytes, since the drawing is UTF-8 whatever the terminal's encoding.
            typer.get_binary_stream("stdout").write(drawn.encode())
        print_diagnostics(sink.diagnostics)
    usage = any(found.code in (rules.NO_BUNDLE.code, MISSING_EXTRA.code) for found in sink.diagnostics)
    raise typer.Exit(2 if usage else 1 if sink.failed else 0)


def _picture(bundle: Path, sink: Sink, *, machine: bool, errors: bool) -> Picture | None:
    from transpilers.graph import machine_picture, read_machine, read_manifest, source_picture

    manifest = read_manifest(bundle, sink)
    if manifest is None or not machine:
        return None if manifest is None else source_picture(manifest)
    definition = read_machine(bundle, sink)
    return None if definition is None else machine_picture(definition, manifest.name, errors=errors)


def _drawn(picture: Picture, form: str, sink: Sink) -> str | None:
    from importlib.util import find_spec

    from transpilers.cli.rules import MISSING_EXTRA
    from transpilers.graph import to_dot, to_mermaid, to_svg
    from transpilers.graph.svg import NEEDED

    if form == "mermaid":
        return to_mermaid(picture, sink)
    if form == "dot":
        return to_dot(picture)
    if find_spec(NEEDED) is None:
        sink.report(MISSING_EXTRA, what="--format svg", module=NEEDED, extra="graph")
        return None
    return to_svg(picture, sink)
