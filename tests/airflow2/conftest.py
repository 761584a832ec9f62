"""The interpreter that has Airflow 2.11."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.airflow2 import MISSING, interpreter


@pytest.fixture(scope="session")
def second() -> Path:
    """Its path; the test is skipped, with the reason, where there is none."""
    found = interpreter()
    if found is None:
        pytest.skip(MISSING)
    return found
