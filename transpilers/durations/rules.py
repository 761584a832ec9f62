"""What can be wrong with durations: SW130 to SW133, SW630 and SW631."""

from core_compiler.diagnostics import Rule, Severity

UNREADABLE = Rule(
    code="SW130",
    severity=Severity.ERROR,
    title="The durations cannot be read",
    message="cannot read durations from {path}: {reason}",
    hint='Give JSON such as {{"task": 12.5}} or {{"dag": {{"task": 12.5}}}}, or CSV that begins task_id,seconds.',
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

NOTHING_KNOWN = Rule(
    code="SW630",
    severity=Severity.WARNING,
    title="The durations are of none of the tasks",
    message="{path} has no duration for {name}: {found}",
    hint="Check that the file is of this workflow, and whole; without --durations the same plan is made.",
    why="All durations are guessed then, as if no file were given. The plan is right, but made for no times.",
)
NO_DRIVER = Rule(
    code="SW631",
    severity=Severity.ERROR,
    title="The driver of a database is not installed",
    message="{url} is opened with the package {module!r}, which is not installed",
    hint="pip install {package}, or name a driver that is installed in the URL, such as postgresql+psycopg2://.",
    why="SQLAlchemy reaches each database through a package of its own, which the URL names or leaves to SQLAlchemy. "
    "Airflow's own URL is shown by `airflow config get-value database sql_alchemy_conn`.",
)

RULES = (UNREADABLE, NO_SUCH_TASK, DATABASE_FAILED, NO_HISTORY, NOTHING_KNOWN, NO_DRIVER)
