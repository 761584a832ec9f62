"""Which Airflow a file was written for: "1", "2" or "3"."""

from __future__ import annotations

import ast

#: Modules that Airflow 2 renamed and Airflow 3 no longer has.
FIRST = ("airflow.contrib", "airflow.operators.bash_operator", "airflow.operators.python_operator")
FIRST_ENDINGS = ("_operator", "_sensor", "_hook")
#: What Airflow 3 moved elsewhere.
SECOND = (
    "airflow",
    "airflow.datasets",
    "airflow.decorators",
    "airflow.models",
    "airflow.operators",
    "airflow.sensors",
    "airflow.utils.dates",
    "airflow.utils.edgemodifier",
    "airflow.utils.task_group",
)
ARGUMENTS = {"schedule_interval", "concurrency", "execution_date", "sla_miss_callback", "provide_context"}


def dialect(tree: ast.Module) -> str:
    """The newest Airflow that the file speaks of by an import, else by an argument, else 3."""
    modules = set(_modules(tree))
    if any(name.startswith(("airflow.sdk", "airflow.providers.standard")) for name in modules):
        return "3"
    airflow = {name for name in modules if name.partition(".")[0] == "airflow"}
    if any(name.startswith(FIRST) or (name.endswith(FIRST_ENDINGS) and ".providers." not in name) for name in airflow):
        return "1"
    if any(name == old or (old != "airflow" and name.startswith(old + ".")) for name in airflow for old in SECOND):
        return "2"
    keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    return "2" if keywords & ARGUMENTS else "3"


def _modules(tree: ast.Module) -> list[str]:
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append(node.module)
        elif isinstance(node, ast.Import):
            found += [name.name for name in node.names]
    return found
