"""300 of Dask's own tests, with our scheduler inside of their `assert_eq`; `make dask-conformance` runs 2,000."""

from __future__ import annotations

from pathlib import Path

import pytest
from dask_conformance import campaign
from dask_conformance.campaign import CHOSEN, QUICK, read


@pytest.mark.timeout(900)
def test_dasks_own_tests_pass_with_our_scheduler(tmp_path: Path):
    ids = CHOSEN.read_text().splitlines()
    assert len(ids) == 300
    campaign.pytest(tmp_path, QUICK, scheduler="ours", chosen=CHOSEN, outcomes=tmp_path / "outcomes")
    outcomes = read(tmp_path / "outcomes")
    assert outcomes.keys() == set(ids), (tmp_path / "pytest.log").read_text()[-2000:]
    assert {name: outcome for name, outcome in outcomes.items() if outcome.outcome != "passed"} == {}
    assert all(outcome.entered for outcome in outcomes.values())
