"""What can be wrong with durations: SW130 to SW133."""

from core_compiler.diagnostics import Rule, Severity

UNREADABLE = Rule(
    code="SW130",
    severity=Severity.ERROR,
    title="The durations cannot be read",
    message="cannot read durations from {path}: {reason}",
    hint='Give JSON such as {{"task": 12.5}} or {{"dag": {{"task": 12.5}}}}, or CSV with columns task_id and seconds.',
    why="A plan made for durations that were misread would be slower than one made for none.",
)
NO_SUCH_TASK = Rule(
    code="SW131",
    severity=Severity.WARNING,
    title="Durations are given for tasks that are not there",
    message="{path} has durations for {count} tasks that {name} does not have, {first!r} among them",
    hint="Check the spelling, or make the file anew from a run of this version.",
    why="They make no difference. Most often the file belongs to another version of the workflow.",
)
DATABASE_FAILED = Rule(
    code="SW132",
    severity=Severity.ERROR,
    title="The metadata database cannot be read",
    message="cannot read task instances from {url}: {reason}",
    hint="Give the SQLAlchemy URL of Airflow's metadata database; a user that may only read is enough.",
    why="Durations come from the table task_instance. Nothing is written there.",
)
NO_HISTORY = Rule(
    code="SW133",
    severity=Severity.ERROR,
    title="No finished task was found",
    message="{place} holds no task that succeeded{of}",
    hint="Name a run or a DAG that has succeeded at least once.",
    why="A task's duration is that of its successful tries.",
)

RULES = (UNREADABLE, NO_SUCH_TASK, DATABASE_FAILED, NO_HISTORY)
