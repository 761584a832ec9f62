"""Findings about mapped tasks and groups and values of other tasks (SW450 to SW470, SW485 to SW487)."""

from core_compiler.diagnostics import Rule, Severity

OVER = Rule(
    code="SW450",
    severity=Severity.ERROR,
    title="What a task is mapped over cannot be written into the machine",
    message="it is mapped over {name}, which {reason}",
    hint="Map it over plain data, or over what another task returns.",
    why="The items of a mapped task come from data in the file or from values of other tasks, which the machine reads.",
)
ARGUMENT = Rule(
    code="SW451",
    severity=Severity.ERROR,
    title="An argument is mapped that the machine needs to know beforehand",
    message="{argument} of {operator} is mapped over values",
    hint="Pass it through partial(), or write the tasks out.",
    why=(
        "An item of a mapped task differs from the others by the values that its code works on. What decides how the "
        "task is run is part of the machine's definition, the same for every item."
    ),
)
NOT_STRICT = Rule(
    code="SW452",
    severity=Severity.ERROR,
    title="Mapped dicts may replace what partial() says",
    message="expand_kwargs() with strict=False replaces arguments of partial()",
    hint="Leave those arguments out of partial(), and strict=False away.",
    why="Which arguments an item replaces is known only to a run; the definition holds those of partial().",
)
NESTED = Rule(
    code="SW453",
    severity=Severity.ERROR,
    title="A mapped group is inside another",
    message="the mapped group is inside the mapped group {outer}",
    hint="Map one group over the product of both.",
    why="Items are numbered once for each task. Airflow itself does not support the arguments of nested mapped groups.",
)
DECIDES = Rule(
    code="SW454",
    severity=Severity.ERROR,
    title="An item decides what is skipped",
    message="the task decides which others are skipped, and is {what}",
    hint="Raise AirflowSkipException in the tasks that are to be skipped.",
    why=(
        "A branch or short circuit skips tasks by name. Inside a mapped group Airflow 3.3 does not skip other tasks "
        "of the same item (apache/airflow#67265), so there is no behaviour to keep."
    ),
)
LIMIT_ACROSS_RUNS = Rule(
    code="SW455",
    severity=Severity.WARNING,
    title="Several runs of a task are not held apart",
    message="max_active_tis_per_dag bounds the items of one run, and not the task in several runs at once",
    hint="Start no run while another is going on, where that matters.",
    why="A run of a state machine knows of no other. In one run the bound is kept: as the Map's MaxConcurrency.",
)
MAPPED_GROUP_OUTPUT = Rule(
    code="SW456",
    severity=Severity.ERROR,
    title="A task is mapped over what a mapped group returns",
    message="it is mapped over {task}, a task of the mapped group {group}",
    hint="Collect the values in a task after the group, and map over its return value.",
    why="Airflow cannot tell how many items there are, and marks the task as upstream_failed (seen with Airflow 3.3).",
)
SECOND = Rule(
    code="SW470",
    severity=Severity.ERROR,
    title="Airflow 2 decides a mapped task otherwise",
    message="{reason}",
    hint="Read the file with Airflow 3 (`--python`), or write the tasks out.",
    why=(
        "Items of mapped tasks are decided as Airflow 3 does: each by what its own index has before it, and skipped as "
        "any task is. Airflow 2.11 looks at all items under some rules, and a branch forgets items that are there "
        "from the start. Such tasks are refused in files of Airflow 2."
    ),
)

REFERENCE = Rule(
    code="SW485",
    severity=Severity.ERROR,
    title="A dict of expand_kwargs() holds the output of a task",
    message="{argument} of a dict of expand_kwargs() is the output of a task, which Airflow hands on unread",
    hint="Make the dicts in a task, and give expand_kwargs() what it returns.",
    why=(
        "Airflow resolves a dict that is itself the output of a task. An output inside a dict in the file reaches the "
        "task as the reference, a PlainXComArg, instead of the value (seen with Airflow 3.3)."
    ),
)

PULLED = Rule(
    code="SW486",
    severity=Severity.WARNING,
    title="A task pulls from one that it does not come after",
    message="it pulls a value of {task!r}, which need not have ended before it: it then reads None",
    hint="Make the task that is pulled from an upstream task.",
    why=(
        "xcom_pull reads what is there when it is called. A template or a function makes no edge, so that the two may "
        "run in either order, in Airflow as in the machine: which of them is first is chance."
    ),
)

MISCOUNTED = Rule(
    code="SW487",
    severity=Severity.ERROR,
    title="Airflow itself fails on what a task is mapped over",
    message="{argument} is a concat() after other arguments of expand(), of which Airflow counts too many items",
    hint="Name it first in expand(), or concatenate in a task and map over what that returns.",
    why=(
        "Airflow 3's worker takes the length of a concat for that of each of its parts, and adds them up. Where an "
        "argument comes before, items look for values that are not there and fail with an IndexError (seen with "
        "Airflow 3.3), so there is no run to be equal to."
    ),
)

RULES = (
    OVER,
    ARGUMENT,
    NOT_STRICT,
    NESTED,
    DECIDES,
    LIMIT_ACROSS_RUNS,
    MAPPED_GROUP_OUTPUT,
    SECOND,
    REFERENCE,
    PULLED,
    MISCOUNTED,
)
