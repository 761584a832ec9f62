"""Findings about the folder a bundle is written to."""

from core_compiler.diagnostics import Rule, Severity

NOT_A_BUNDLE = Rule(
    code="SW151",
    severity=Severity.ERROR,
    title="The output folder holds something else",
    message="{path} exists and is not a bundle",
    hint="Name another folder with -o, or remove this one yourself.",
    why="A bundle replaces the bundle that was there. Anything else could be your work, and is never overwritten.",
)
CANNOT_WRITE = Rule(
    code="SW152",
    severity=Severity.ERROR,
    title="The bundle cannot be written",
    message="cannot write {path}: {reason}",
    hint="Check the folder's permissions and the free space, or name another folder with -o.",
    why="Nothing was left behind: a bundle is written beside its place and renamed when it is whole.",
)

RULES = (NOT_A_BUNDLE, CANNOT_WRITE)
