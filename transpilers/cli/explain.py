"""`transpile explain CODE`: what a diagnostic means and what to do about it."""

from __future__ import annotations

import textwrap

import typer


def explain(
    code: str = typer.Argument(help="A code such as SW104, as printed with a diagnostic."),
    as_json: bool = typer.Option(False, "--json", help="Print the rule as JSON."),
) -> None:
    """Explain a diagnostic's code."""
    from transpilers.cli.output import print_json, print_line
    from transpilers.cli.registry import all_rules

    rules = all_rules()
    rule = rules.get(code.upper())
    if rule is None:
        raise typer.BadParameter(f"no diagnostic has the code {code!r}; they run from {min(rules)} to {max(rules)}")
    if as_json:
        print_json(rule)
        return
    print_line(f"{rule.code}: {rule.title} ({rule.severity})\n")
    print_line(textwrap.fill(rule.why, 88))
    if rule.hint:
        print_line("\nWhat to do: " + textwrap.fill(rule.hint, 88))
