"""`transpile luigi`: a Luigi task tree to a bundle."""

from __future__ import annotations

from pathlib import Path

import typer

HELP = {
    "module": "The module, as for `luigi --module`; or MODULE:FACTORY, a function that returns a task or several.",
    "arguments": "The task's family and its parameters, as for `luigi`: TASK --param value ... What stands after -- is "
    "Luigi's, also where it looks like an option of this command.",
    "output": "The folder to write. [default: build/<task>]",
    "python": "The interpreter whose Luigi makes the tasks. [default: this one]",
    "maps": "Where local paths live: PREFIX=URL, such as /data=s3://bucket/data. May be given several times.",
    "wait": "Wait so many seconds for external tasks whose data is missing, instead of failing at once.",
    "structure": "How the graph becomes fork and join: auto, nested, rendezvous, layers or serial.",
    "durations": "How long tasks take: JSON or CSV, see `transpile durations`. [default: guessed by kind of operator]",
    "optimize": "What auto looks for: balanced, time or cost.",
    "json": "Print the result as JSON.",
}
#: Luigi's own options pass through to its parser.
PASSES_THROUGH = {"allow_extra_args": True, "ignore_unknown_options": True, "allow_interspersed_args": True}


def luigi(
    context: typer.Context,
    module: str = typer.Argument(help=HELP["module"]),
    arguments: list[str] = typer.Argument(None, help=HELP["arguments"]),
    output: Path | None = typer.Option(None, "-o", "--output", help=HELP["output"]),
    python: Path | None = typer.Option(None, "--python", help=HELP["python"]),
    maps: list[str] = typer.Option([], "--map", help=HELP["maps"]),
    wait: float | None = typer.Option(None, "--wait", min=0.0, help=HELP["wait"]),
    structure: str = typer.Option("auto", "--structure", help=HELP["structure"]),
    durations: Path | None = typer.Option(None, "--durations", help=HELP["durations"]),
    optimize: str = typer.Option("balanced", "--optimize", help=HELP["optimize"]),
    as_json: bool = typer.Option(False, "--json", help=HELP["json"]),
) -> None:
    """Compile a Luigi task tree."""
    from transpilers.cli.compiling import compile_imported
    from transpilers.cli.output import working
    from transpilers.cli.wishes import wishes
    from transpilers.luigi.importer import name_of, read

    wanted = wishes(structure, durations, optimize)
    asked = [module, *(arguments or []), *context.args]
    check_asked(asked)
    with working(f"reading {name_of(asked)}"):
        imported = read(asked, python=python, maps=parsed_maps(maps), wait=wait)
    raise typer.Exit(compile_imported(imported, output, name_of(asked), wanted, as_json=as_json))


def check_asked(asked: list[str]) -> None:
    """Exit with 2 unless there is a task or a factory."""
    if ":" not in asked[0] and len(asked) == 1:
        raise typer.BadParameter("name a task of it, or a factory as MODULE:FACTORY", param_hint="MODULE")
    if ":" in asked[0] and len(asked) > 1:
        raise typer.BadParameter(f"a factory takes no arguments, such as {asked[1]}", param_hint="MODULE:FACTORY")


def parsed_maps(maps: list[str]) -> dict[str, str]:
    """`PREFIX=URL` pairs; exits with 2 for anything else."""
    found: dict[str, str] = {}
    for text in maps:
        prefix, separator, url = text.partition("=")
        if not (separator and prefix and "://" in url):
            raise typer.BadParameter(f"{text!r} is not PREFIX=URL, such as /data=s3://bucket/data", param_hint="--map")
        found[prefix] = url
    return found
