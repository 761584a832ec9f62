"""Files of Airflow 3 as a person would write them for 2.11: other places to import from, and one other argument."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

WHERE = {
    "BaseOperator": "airflow.models.baseoperator",
    "DAG": "airflow",
    "Param": "airflow.models.param",
    "TaskGroup": "airflow.utils.task_group",
    "TriggerRule": "airflow.utils.trigger_rule",
    "Variable": "airflow.models",
    "chain": "airflow.models.baseoperator",
    "dag": "airflow.decorators",
    "get_current_context": "airflow.operators.python",
    "setup": "airflow.decorators",
    "task": "airflow.decorators",
    "task_group": "airflow.decorators",
    "teardown": "airflow.decorators",
}

RENAMED = {
    "airflow.providers.standard.operators.": "airflow.operators.",
    "airflow.sdk.exceptions": "airflow.exceptions",
    "fail_fast=": "fail_stop=",
    # A rule that it does not know.
    "all_done_min_one_success": "none_failed_min_one_success",
}


def rewritten(source: Path, folder: Path) -> Path:
    """The file at `source`, and all beside it, in `folder`."""
    shutil.copytree(source.parent, folder)
    for path in folder.rglob("*.py"):
        path.write_text(_rewritten(path.read_text()))
    return folder / source.name


def _rewritten(text: str) -> str:
    text = re.sub(r"^from airflow\.sdk import (.+)$", _imports, text, flags=re.MULTILINE)
    for newer, older in RENAMED.items():
        text = text.replace(newer, older)
    return text


def _imports(found: re.Match[str]) -> str:
    names = [name.strip() for name in found[1].split(",")]
    return "\n".join(f"from {WHERE[name]} import {name}" for name in names)
