"""Expressions rendered by the handler and by Airflow, into texts and natively; what Airflow said a target wrote."""

from __future__ import annotations

import json

import pytest
from support.templates import FOLDER, KINDS, every, ours, verdict

pytestmark = pytest.mark.airflow


@pytest.mark.parametrize("dialect", ["airflow-3", "airflow-2"])
def test_each_is_rendered_as_airflow_renders_it(dialect: str):
    asked = json.loads((FOLDER / f"{dialect}.json").read_text())
    wanted = every()
    found = ours(dialect, asked["date"], wanted)
    for kind in KINDS:
        pairs = zip(wanted, asked[kind], found[kind], strict=True)
        verdicts = {one: verdict([(tuple(theirs), mine)]) for one, theirs, mine in pairs}
        assert [one for one, what in verdicts.items() if what == "different"] == []
        assert sum(what == "equal" for what in verdicts.values()) > 900
