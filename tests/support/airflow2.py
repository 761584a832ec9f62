"""An interpreter with Airflow 2.11, which `make airflow-2` puts into an environment of its own."""

from __future__ import annotations

import os
from pathlib import Path

VERSION = "2.11.2"
ROOT = Path(__file__).parents[2]
#: What 2.11 was asked about its classes, so that the tables are held to it where it is not installed.
SIGNATURES = ROOT / "tests" / "airflow2" / f"signatures-{VERSION}.json"
MISSING = f"Airflow {VERSION} is not installed: `make airflow-2` installs it and runs these"


def interpreter() -> Path | None:
    """None where it is not installed."""
    named = os.environ.get("STEPWEAVE_AIRFLOW_2")
    found = Path(named) if named else ROOT / "build" / "airflow-2" / "bin" / "python"
    return found.absolute() if found.exists() else None
