"""Findings about a workflow itself, whatever it was read from."""

from core_compiler.diagnostics import Rule, Severity

EMPTY_WORKFLOW = Rule(
    code="SW101",
    severity=Severity.ERROR,
    title="The workflow has no task",
    message="the workflow has no task",
    hint="Add at least one task: a machine of no states cannot be created.",
    why="Step Functions refuses a machine without states, and a run that does nothing is never what was meant.",
)
DUPLICATE_TASK = Rule(
    code="SW102",
    severity=Severity.ERROR,
    title="Two tasks have one id",
    message="the task id {task!r} is used twice",
    hint="Give each task an id of its own.",
    why="Statuses, values and logs are kept under the task's id. Two tasks with one id would read each other's.",
)
UNKNOWN_TASK = Rule(
    code="SW103",
    severity=Severity.ERROR,
    title="A task that is not there is referred to",
    message="{what} names the task {task!r}, which is not in the workflow",
    hint="Correct the name, or add the task.",
    why="An edge, an argument or a list of leaves can only name tasks of the same workflow.",
)
CYCLE = Rule(
    code="SW104",
    severity=Severity.ERROR,
    title="The tasks wait for each other in a circle",
    message="the tasks wait for each other in a circle: {cycle}",
    hint="Remove one of these edges.",
    why="A task starts after its upstream tasks. In a circle none can ever start.",
)
BAD_NAME = Rule(
    code="SW105",
    severity=Severity.ERROR,
    title="A name is empty, too long or holds control characters",
    message="{what} {name!r} is {fault}",
    hint="Use 1 to 250 printable characters.",
    why="Ids become store keys, state names and file names. Empty, very long or unprintable ones cannot be kept apart.",
)
BAD_NUMBER = Rule(
    code="SW106",
    severity=Severity.ERROR,
    title="A number is out of its range",
    message="{what} is {value}, but must be {range}",
    hint="Correct the number.",
    why="Step Functions and Lambda take retries, delays and time-outs only within their ranges.",
)
FOREIGN_UPSTREAM = Rule(
    code="SW107",
    severity=Severity.ERROR,
    title="A list of upstream tasks differs from what comes before",
    message="the rule looks at {task!r}, but no edge comes from it",
    hint="Add an edge from {task!r}, or leave `upstream` out.",
    why="A rule is evaluated over the statuses of upstream tasks, which must be done when it is looked at.",
)

BAD_PATH = Rule(
    code="SW108",
    severity=Severity.ERROR,
    title="A file would be written outside of the bundle",
    message="the file's path {path!r} is not a plain relative one",
    hint="Name the file by a path below the user's code, with forward slashes and without `..`.",
    why="Files of a workflow ship below the user's code. A path that leads elsewhere could overwrite files of yours.",
)
NAMED_AS_AN_ITEM = Rule(
    code="SW170",
    severity=Severity.ERROR,
    title="A task is named as an item of a mapped task",
    message="the task id {task!r} is that of an item of the mapped task {mapped!r}",
    hint="Give the task another id.",
    why=(
        "The items of a mapped task `t` are `t[0]`, `t[1]` ... in every key of the store. A task with such an id would "
        "share its record, its values and its tries with one of them."
    ),
)

RULES = (
    EMPTY_WORKFLOW,
    DUPLICATE_TASK,
    UNKNOWN_TASK,
    CYCLE,
    BAD_NAME,
    BAD_NUMBER,
    FOREIGN_UPSTREAM,
    BAD_PATH,
    NAMED_AS_AN_ITEM,
)
