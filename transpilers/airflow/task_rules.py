"""Findings about what tasks ask of their surroundings (SW477)."""

from core_compiler.diagnostics import Rule, Severity

HOME = Rule(
    code="SW477",
    severity=Severity.WARNING,
    title="The folder of Airflow's workers is another where the machine's function runs",
    message="{where} mentions AIRFLOW_HOME: set it where the machine's function runs; what lies there does not ship",
    why=(
        "Airflow reads AIRFLOW_HOME and does not set it: whoever runs the workers does. The machine's function has "
        "those environment variables that you give it. Only the code of tasks ships with the machine, so files of "
        "DAGs, plugins and logs below that folder are not there, and what a task writes there may be gone when the "
        "next task runs."
    ),
)

RULES = (HOME,)
