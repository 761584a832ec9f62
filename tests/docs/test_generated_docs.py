"""The documentation made from the code: up to date, complete, and true."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from support.workflows import workflows

from core_compiler.ir import Workflow
from core_compiler.ir.codec import encode
from transpilers.airflow.uses import Effect
from transpilers.cli.docs import BEGIN, END, README, filled, generated, main
from transpilers.cli.docs_airflow import arguments_page, support_table, takers
from transpilers.cli.docs_rules import rules_page
from transpilers.cli.docs_schema import schema_page
from transpilers.cli.registry import all_rules

ROOT = Path(__file__).parents[2]
WORDS = {Effect.NONE: "no effect", Effect.CHANGES: "changed", Effect.REFUSED: "refused"}
SCHEMA = json.loads(schema_page())


@pytest.mark.parametrize(
    "name", ["docs/airflow.md", "docs/diagnostics.md", "docs/ir.schema.json", "docs/luigi-contrib.md", README]
)
def test_files_are_up_to_date(name: str):
    there = (ROOT / name).read_text(encoding="utf-8")
    if name == README and not there.partition(BEGIN)[2].partition(END)[0].strip():
        assert filled(there, "") == there, "the markers are there, to be filled by `make docs`"
        return
    assert there == generated(ROOT)[name], "run `make docs`"


def test_what_has_not_changed_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / README).write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    main(tmp_path)
    assert capsys.readouterr().out.count("wrote") == len(generated(tmp_path))
    assert (tmp_path / README).read_text() == f"before\n{BEGIN}\n{support_table()}{END}\nafter\n"
    main(tmp_path)
    assert capsys.readouterr().out == ""


def test_a_readme_without_markers_is_refused():
    with pytest.raises(ValueError, match="no <!-- supported:begin -->"):
        filled(f"{BEGIN} and no end", "")


def test_every_rule_has_an_entry_that_its_row_leads_to():
    page = rules_page(all_rules().values())
    assert re.findall(r'<a id="(.+?)"></a>', page) == [code.lower() for code in all_rules()]
    assert re.findall(r"^\| \[(SW\d+)\]\(#sw\d+\)", page, re.MULTILINE) == list(all_rules())
    assert re.findall(r"^### (SW\d+):", page, re.MULTILINE) == list(all_rules())


def test_fields_of_messages_are_shown_by_name():
    page = rules_page(all_rules().values())
    assert "the task id <task> is used twice" in page
    assert not re.search(r"[{]\w+(![rsa])?(:[^}]*)?[}]", page.replace("${HandlerArn}", ""))


def test_every_argument_stands_in_a_table_with_its_reason():
    page = arguments_page()
    for taker in takers():
        section = page.partition(f"## {taker.name.replace('every', 'Every')}\n")[2].partition("\n## ")[0]
        for name in taker.kept:
            assert f"| `{name}` | kept |" in section
        for name, use in taker.uses.items():
            row = next(line for line in section.splitlines() if line.startswith(f"| `{name}` |"))
            assert row.split(" | ")[1:2] == [WORDS[use.effect]]
            assert use.reason in row


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@given(workflows())
@settings(max_examples=30)
def test_every_workflow_follows_the_schema(workflow: Workflow):
    jsonschema.validate(json.loads(encode(workflow)), SCHEMA, jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    "broken",
    [
        {"tasks": []},
        {"name": "w", "tasks": [{"id": "a"}]},
        {"name": "w", "tasks": [{"id": "a", "component": {"kind": "magic"}}]},
        {"name": "w", "tasks": [{"id": "a", "component": {"kind": "noop"}, "rule": "sometimes"}]},
        {"name": "w", "tasks": [], "edges": [{"upstream": "a"}]},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(broken: dict[str, object]):
    from msgspec import ValidationError

    from core_compiler.ir.codec import decode

    with pytest.raises(ValidationError):
        decode(json.dumps(broken).encode())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, SCHEMA, jsonschema.Draft202012Validator)
