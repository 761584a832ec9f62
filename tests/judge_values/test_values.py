"""Random files with mapping, XComs, templates and context: Airflow and the machine say the same of them.

They found that `ti.map_index` of a mapped task was -1, and that a pull of a mapped task's items gave None.
"""

from __future__ import annotations

import pytest
from judge_values.judging import judged


@pytest.mark.airflow
@pytest.mark.slow
def test_files_do_what_airflow_does() -> None:
    found = list(judged([8]))
    told = [f"seed {one.seed}: {text}" for one in found for text in (*one.differences, *one.refused)]
    assert not told, "\n".join(told)
    assert all(one.values for one in found)
