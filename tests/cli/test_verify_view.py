"""What a person reads of a verification."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from transpilers.cli.verify_view import print_report
from transpilers.verify.report import Difference, Report, Unstable

DIFFERENCES = (
    Difference("d", "", "run", "failed", "success"),
    Difference("d", "load", "state", "skipped", "success"),
    Difference("d", "load", "tries", 2, 3),
    Difference("d", "choose", "skips", [], ["a", "b"]),
    Difference("d", "load", "value", 1, 2, ".rows[3].id"),
    Difference("d", "load", "value:total", "(none)", "x" * 200),
)
UNSTABLE = (
    Unstable("d", "load", "value", "return_value", ".at"),
    Unstable("d", "load", "tries"),
    Unstable("d", "", "run"),
)
SHOWN = f"""\
dag.py: NOT equal; compared 3 tasks and 4 values
    d (the run): run is success, the source engine says failed
    d.load: state is success, the source engine says skipped
    d.load: tries is 3, the source engine says 2
    d.choose: skips is ["a", "b"], the source engine says []
    d.load: value at .rows[3].id is 2, the source engine says 1
    d.load: value:total is {"x" * 97}..., the source engine says (none)
    unstable: d.load: its return_value at .at differs between two runs of the source engine; only its type was compared
    unstable: d.load: its tries differs between two runs of the source engine; it was not compared
    unstable: d: the run differs between two runs of the source engine; it was not compared
"""


def test_every_kind_of_finding_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(Report(False, 3, 4, DIFFERENCES, UNSTABLE), Path("dag.py"))
    assert capsys.readouterr().out == SHOWN


def test_the_json_has_no_place_where_there_is_none() -> None:
    tree = json.loads(msgspec.json.encode(Report(False, 3, 4, DIFFERENCES, UNSTABLE)))
    assert tree["differences"][0] == {"dag": "d", "task": "", "kind": "run", "source": "failed", "machine": "success"}
    assert tree["differences"][4]["place"] == ".rows[3].id"
    assert tree["unstable"][1] == {"dag": "d", "task": "load", "kind": "tries"}
