"""docs/luigi-contrib.md: what becomes of the tasks and targets of luigi.contrib, from the importer's own tables."""

from __future__ import annotations

from transpilers.luigi.clients import NATIVE, NEEDS

HEAD = """\
# Tasks and targets of luigi.contrib

They run as they are, with their own clients, in the function that runs every task. Python packages that they import
belong into the function's image or a layer (SW813). What the compiler says beyond that, by module:
"""


def contrib_page() -> str:
    """The page as Markdown."""
    rows = [f"| `luigi.contrib.{module}` | {needs} (SW818) | |" for module, needs in NEEDS.items()]
    rows += [
        f"| `luigi.contrib.{module}` | runs as it is, in a Lambda that waits for {native.service} (SW822) | "
        f"`{native.state}` |"
        for module, native in NATIVE.items()
    ]
    table = "\n".join(["| module | today | native state, later |", "|---|---|---|", *sorted(rows)])
    return (
        f"{HEAD}\n{table}\n\n`S3Target` needs nothing: it reads and writes S3 itself, from a Lambda as from a server.\n"
    )
