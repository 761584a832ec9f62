"""Expressions rendered by the handler and by Airflow, into texts and natively; what Airflow said a target wrote."""

from __future__ import annotations

import json

import pytest
from support.templates import FOLDER, KINDS, every, module, ours, params, verdict

pytestmark = pytest.mark.airflow


DIALECTS = ("airflow-3", "airflow-2")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_is_rendered_as_airflow_renders_it(dialect: str):
    asked = json.loads((FOLDER / f"{dialect}.json").read_text())
    wanted = every()
    found = ours(dialect, asked["date"], wanted)
    for kind in KINDS:
        pairs = zip(wanted, asked[kind], found[kind], strict=True)
        verdicts = {one: verdict([(tuple(theirs), mine)]) for one, theirs, mine in pairs}
        assert [one for one, what in verdicts.items() if what == "different"] == []
        assert sum(what == "equal" for what in verdicts.values()) > 900


@pytest.mark.parametrize("dialect", DIALECTS)
def test_params_are_held_to_their_schemas_as_airflow_holds_them(dialect: str):
    asked = json.loads((FOLDER / f"{dialect}.json").read_text())["params"]
    cases = zip(module("template_params").CASES, asked, params(dialect), strict=True)
    assert [case for case, theirs, mine in cases if theirs != mine] == []
