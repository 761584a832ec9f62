"""Findings of the audit itself."""

from core_compiler.diagnostics import Rule, Severity

NOT_AUDITED = Rule(
    code="SW671",
    severity=Severity.ERROR,
    title="The file could not be audited",
    message="the file could not be audited: {reason}",
    hint="Please report it with the file; the other files are not affected.",
    why=(
        "The audit of each file is bounded in time and memory, and apart from that of the others. This one did not "
        "come to an end, which is a defect of stepweave or of the machine it runs on."
    ),
)
NOT_READABLE = Rule(
    code="SW672",
    severity=Severity.ERROR,
    title="A path cannot be read",
    message="{reason}",
    hint="Check its permissions.",
    why="The file or folder is there, but the system does not let it be read, so nothing is known about it.",
)
BAD_IGNORE = Rule(
    code="SW673",
    severity=Severity.WARNING,
    title="A comment to ignore findings is not complete",
    message="this comment ignores nothing: {reason}",
    hint="Write it as `# stepweave: ignore[SW401] the reason`.",
    why=(
        "A finding is ignored by its code and for a reason that those who read the report can judge. A comment that "
        "lacks one of the two is not honoured."
    ),
)
UNUSED_IGNORE = Rule(
    code="SW674",
    severity=Severity.NOTE,
    title="A comment ignores a finding that is not there",
    message="there is no {code} here to be ignored",
    hint="Remove the comment, or put it on the line of the finding or above it.",
    why=(
        "The finding may be gone since the comment was written. A comment stands on the line of the finding, on a "
        "line of its own above it, or within the call that the finding is about."
    ),
)
DIFFERENCE = Rule(
    code="SW675",
    severity=Severity.ERROR,
    title="The static reading differs from Airflow's",
    message="{kind} {name}: read as {static}, but Airflow says {live}",
    hint="Please report it with the file: the static loader must refuse what it cannot tell.",
    why=(
        "`--cross-check` reads each file twice: without running it, and with Airflow. Both must see the same tasks, "
        "edges, groups and arguments. A file that reads the clock, or a temporary folder, differs from itself."
    ),
)
NOT_CHECKED = Rule(
    code="SW676",
    severity=Severity.WARNING,
    title="A file could not be cross-checked",
    message="Airflow could not read it: {reason}",
    hint="Name an interpreter that has the Airflow and the packages of this file with --python.",
    why=(
        "`--cross-check` runs the file with Airflow, in a sandbox without a network, where modules that are missing "
        "are fabricated. Where that fails there is nothing to compare with."
    ),
)

RULES = (NOT_AUDITED, NOT_READABLE, BAD_IGNORE, UNUSED_IGNORE, DIFFERENCE, NOT_CHECKED)
