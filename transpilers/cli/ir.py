"""`transpile ir`: neutral JSON to a bundle."""

from __future__ import annotations

from pathlib import Path

import typer

HELP = {
    "file": "The workflow as JSON (docs/ir.md), or networkx node-link data.",
    "output": "The folder to write. [default: build/<name>]",
    "search": "A folder with modules of the workflow's callables; the file's own is always searched.",
    "structure": "How the graph becomes fork and join: auto, nested, rendezvous, layers or serial.",
    "durations": "How long tasks take: JSON or CSV, see `transpile durations`. [default: guessed by kind of operator]",
    "optimize": "What auto looks for: balanced, time or cost.",
    "json": "Print the result as JSON.",
}


def ir(
    file: Path = typer.Argument(help=HELP["file"]),
    output: Path | None = typer.Option(None, "-o", "--output", help=HELP["output"]),
    search: list[Path] = typer.Option([], "--search", help=HELP["search"]),
    structure: str = typer.Option("auto", "--structure", help=HELP["structure"]),
    durations: Path | None = typer.Option(None, "--durations", help=HELP["durations"]),
    optimize: str = typer.Option("balanced", "--optimize", help=HELP["optimize"]),
    as_json: bool = typer.Option(False, "--json", help=HELP["json"]),
) -> None:
    """Compile a workflow in neutral JSON."""
    from transpilers.cli.compiling import compile_imported
    from transpilers.cli.wishes import wishes
    from transpilers.ir.importer import read

    wanted = wishes(structure, durations, optimize)
    raise typer.Exit(compile_imported(read(file, search=search), output, file.stem, wanted, as_json=as_json))
