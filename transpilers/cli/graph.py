"""`transpile graph`: a drawing of a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from core_compiler.diagnostics import Sink
    from transpilers.graph import Chart, Picture

FORMATS = ("mermaid", "dot", "svg")
TIMELINE_FORMATS = ("mermaid", "svg")
HELP = {
    "bundle": "The bundle's folder.",
    "format": "What to print: mermaid, dot or svg.",
    "machine": "Draw the machine's states instead of the source's tasks.",
    "part": "With --machine: the machine that it starts as this part of it, by its number.",
    "errors": "With --machine: also what follows an error, dashed.",
    "timeline": "Draw when tasks run instead, as mermaid (Gantt) or svg: as predicted, and with --run as they did.",
    "run": "With --timeline: a run, as `transpile run` prints it; it may still be going.",
    "store": "With --run: where its records live. [default: .stepweave/store here]",
    "json": "Print the drawing, its nodes, lines and clusters as JSON.",
}


def graph(
    bundle: Path = typer.Argument(help=HELP["bundle"]),
    form: str = typer.Option("mermaid", "--format", help=HELP["format"]),
    machine: bool = typer.Option(False, "--machine", help=HELP["machine"]),
    part: int | None = typer.Option(None, "--part", min=1, help=HELP["part"]),
    errors: bool = typer.Option(False, "--errors", help=HELP["errors"]),
    timeline: bool = typer.Option(False, "--timeline", help=HELP["timeline"]),
    run: str | None = typer.Option(None, "--run", help=HELP["run"]),
    store: str | None = typer.Option(None, "--store", help=HELP["store"]),
    as_json: bool = typer.Option(False, "--json", help=HELP["json"]),
) -> None:
    """Draw a bundle: tasks and edges with the critical path, the machine's states, or a timeline."""
    from core_compiler.diagnostics import Sink
    from transpilers.cli.output import print_diagnostics, print_json, working
    from transpilers.cli.rules import MISSING_EXTRA
    from transpilers.cli.usage import check_choice
    from transpilers.graph import rules

    check_choice("--format", form, FORMATS)
    if errors and not machine:
        raise typer.BadParameter("only a machine has error paths: add --machine", param_hint="--errors")
    if part is not None and not machine:
        raise typer.BadParameter("only a machine has parts: add --machine", param_hint="--part")
    _check_timeline(form, timeline=timeline, machine=machine, run=run, store=store)
    sink = Sink()
    drawn = None
    picture: Picture | Chart | None
    with working(f"drawing {bundle}"):
        if timeline:
            picture = _chart(bundle, run, store, sink)
            drawn = None if picture is None else _drawn_chart(picture, form, sink)
        else:
            picture = _picture(bundle, sink, machine=machine, part=part, errors=errors)
            drawn = None if picture is None else _drawn(picture, form, sink)
    if as_json:
        print_json({"format": form, "text": drawn, "picture": picture, "diagnostics": sink.diagnostics})
    else:
        if drawn is not None:
            # Bytes, since the drawing is UTF-8 whatever the terminal's encoding.
            typer.get_binary_stream("stdout").write(drawn.encode())
        print_diagnostics(sink.diagnostics)
    wrong = (rules.NO_BUNDLE.code, rules.NO_PART.code, MISSING_EXTRA.code)
    usage = any(found.code in wrong for found in sink.diagnostics)
    raise typer.Exit(2 if usage else 1 if sink.failed else 0)


def _check_timeline(form: str, *, timeline: bool, machine: bool, run: str | None, store: str | None) -> None:
    """Exits with 2 for options that do not go together."""
    if timeline and machine:
        raise typer.BadParameter("a timeline is of tasks: leave --machine out", param_hint="--timeline")
    if timeline and form not in TIMELINE_FORMATS:
        raise typer.BadParameter(f"a timeline is drawn as {' or '.join(TIMELINE_FORMATS)}", param_hint="--format")
    if run is not None and not timeline:
        raise typer.BadParameter("a run has a timeline: add --timeline", param_hint="--run")
    if store is not None and run is None:
        raise typer.BadParameter("a store is read for a run: add --run", param_hint="--store")


def _chart(bundle: Path, run: str | None, store: str | None, sink: Sink) -> Chart | None:
    from time import time

    from transpilers.graph import chart, read_manifest, read_tries

    manifest = read_manifest(bundle, sink)
    if manifest is None or run is None:
        return None if manifest is None else chart(manifest)
    url = store or (Path.cwd() / ".stepweave" / "store").as_uri()
    tries = read_tries(url, run, manifest, sink, time())
    return None if tries is None else chart(manifest, tries, run)


def _drawn_chart(chart: Chart, form: str, sink: Sink) -> str:
    from transpilers.graph import to_bars, to_gantt

    return to_gantt(chart, sink) if form == "mermaid" else to_bars(chart)


def _picture(bundle: Path, sink: Sink, *, machine: bool, part: int | None, errors: bool) -> Picture | None:
    from transpilers.graph import machine_picture, read_machine, read_manifest, source_picture

    manifest = read_manifest(bundle, sink)
    if manifest is None or not machine:
        return None if manifest is None else source_picture(manifest)
    definition = read_machine(bundle, sink, part)
    title = manifest.name if part is None else f"{manifest.name}, part {part}"
    return None if definition is None else machine_picture(definition, title, errors=errors)


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
