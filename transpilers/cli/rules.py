"""Findings of the command line itself."""

from core_compiler.diagnostics import Rule, Severity

MISSING_EXTRA = Rule(
    code="SW651",
    severity=Severity.ERROR,
    title="A package that this command needs is not installed",
    message="{what} needs the package {module!r}, which is not installed",
    hint="pip install 'stepweave[{extra}]'",
    why="Each source system and the local engine is an extra, so that an installation holds only what it uses.",
)

RULES = (MISSING_EXTRA,)
