"""`transpile audit`: what would become of trees of Airflow DAG files, without running any of them."""

from __future__ import annotations

from pathlib import Path

import typer

HELP = {
    "paths": "DAG files, and folders of them.",
    "format": "text, json or sarif.",
    "json": "The same as --format json.",
    "all": "List every DAG with its tasks, not only the first ones.",
    "cross_check": "Also read each file with Airflow, sandboxed and without a network, and tell every difference.",
    "python": "The interpreter whose Airflow cross-checks. [default: this one]",
    "fail_on": "Exit with 1 if a DAG has this verdict or a worse one: native, lambda, container, manual, impossible.",
}


def audit(
    paths: list[Path] = typer.Argument(help=HELP["paths"]),
    form: str = typer.Option("text", "--format", help=HELP["format"]),
    as_json: bool = typer.Option(False, "--json", help=HELP["json"]),
    everything: bool = typer.Option(False, "--all", help=HELP["all"]),
    cross_check: bool = typer.Option(False, "--cross-check", help=HELP["cross_check"]),
    python: Path | None = typer.Option(None, "--python", help=HELP["python"]),
    fail_on: str | None = typer.Option(None, "--fail-on", help=HELP["fail_on"]),
) -> None:
    """Tell what each task of your DAG files would become, and what holds DAGs back. Nothing of the files is run."""
    from transpilers.cli.audit_formats import FORMATS
    from transpilers.cli.auditing import audited
    from transpilers.cli.usage import check_choice

    form = "json" if as_json else form
    check_choice("--format", form, FORMATS)
    for path in paths:
        if not path.exists():
            raise typer.BadParameter(f"there is no {path}", param_hint="PATHS")
    if fail_on is not None:
        from transpilers.audit.report import Verdict

        check_choice("--fail-on", fail_on, list(Verdict))
    raise typer.Exit(audited(paths, FORMATS[form](everything), python=python, cross=cross_check, fail_on=fail_on))
