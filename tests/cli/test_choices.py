"""What is said of a compiled workflow: its table counts what the lines above it count, and says what each figure is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
from support.workflows import graph
from typer.testing import CliRunner

from core_compiler.ir import Mapping, Output, TriggerRule
from core_compiler.ir.codec import encode
from transpilers.cli.main import app


def test_the_table_the_prediction_and_the_timeline_are_of_one_plan(tmp_path: Path):
    shape = graph("list many", "many end", "a c", "a d", "b d", "c end", "a first", "b first", d=TriggerRule.ALL_DONE)
    tasks = {task.id: task for task in shape.tasks}
    tasks["many"] = msgspec.structs.replace(tasks["many"], mapping=Mapping({"x": Output("list")}))
    tasks["first"] = msgspec.structs.replace(tasks["first"], rule=TriggerRule.ONE_SUCCESS)
    (tmp_path / "w.json").write_bytes(encode(msgspec.structs.replace(shape, tasks=tuple(tasks.values()))))
    (tmp_path / "d.json").write_text(json.dumps(dict.fromkeys(tasks, 10) | {"many": 100, "b": 30, "c": 50}))
    made = ["ir", str(tmp_path / "w.json"), "-o", str(tmp_path / "out"), "--durations", str(tmp_path / "d.json")]
    said = CliRunner().invoke(app, made).stdout
    total = re.search(r"(\d+) transitions a run if each list that only a run knows has 10 items:", said)
    taken = re.search(r"\* (\w+) .* (\d+) transitions", said)
    expected = re.search(r"if each task takes what is expected of it: ([\d.]+) s \(graph --timeline\)", said)
    assert total is not None, said
    assert taken is not None, said
    assert expected is not None, said
    assert re.search(r"layers .*; starts 1 task later than its rule would", said), said
    assert total[1] == taken[2]
    assert "as means over 16 draws" in said
    drawn = json.loads(CliRunner().invoke(app, ["graph", str(tmp_path / "out"), "--timeline", "--json"]).stdout)
    assert f"{max(bar['end'] for bar in drawn['picture']['predicted']):.1f}" == expected[1]
