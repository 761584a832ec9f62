"""Findings about the user's own operator classes (SW475, SW476)."""

from core_compiler.diagnostics import Rule, Severity

CLASS = Rule(
    code="SW475",
    severity=Severity.ERROR,
    title="An operator class of the user's needs a part of Airflow's that the machine does not have",
    message="the class {operator} {reason}",
    hint="Leave that out of the class, or do the work in a function with @task.",
    why=(
        "A class of your own ships as it is and runs on a small BaseOperator: constructor, template fields, "
        "pre_execute, execute, post_execute, on_kill, the log and what the file says of the task. All else of "
        "Airflow's BaseOperator (deferring, hooks into rendering, links to other tasks) is not there."
    ),
)
GIVEN = Rule(
    code="SW476",
    severity=Severity.ERROR,
    title="An argument of an operator class of the user's cannot be handed on as Airflow does",
    message="the argument {argument} of {operator} {reason}",
    hint="Name the argument in the constructor, and the attribute that holds it among the class's template_fields.",
    why=(
        "Airflow makes an operator when it reads the file, with templates and outputs of tasks as they are written, "
        "and replaces them in the template fields when the task runs. The machine does the same when the task runs."
    ),
)

RULES = (CLASS, GIVEN)
