"""Expressions of real DAGs, rendered by the handler and by Airflow: what Airflow said is written down by a target."""

from __future__ import annotations

import json

import pytest
from support.templates import FOLDER, expressions, ours, verdict

pytestmark = pytest.mark.airflow

ASKED = json.loads((FOLDER / "airflow-3.json").read_text())


@pytest.mark.parametrize("date", [*ASKED][:2])
def test_each_is_rendered_as_airflow_renders_it(date: str):
    wanted = expressions().EXPRESSIONS
    found = ours("airflow-3", date, wanted)
    pairs = zip(wanted, ASKED[date], found, strict=True)
    verdicts = {one: verdict([(tuple(theirs), mine)]) for one, theirs, mine in pairs}
    assert [one for one, what in verdicts.items() if what == "different"] == []
    assert sum(what == "equal" for what in verdicts.values()) > 150
