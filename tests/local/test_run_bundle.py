"""A bundle with the real handler, run from start to end."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
from local.bundles import Job, write_bundle

from transpilers.local import run_bundle, task_logs

CODE = """
import os

def one():
    print("working")
    return {"x": [1, 2]}

def length(value):
    return len(value["x"])

def pair():
    return (1, 2)

def large():
    return "x" * 300_000

def nothing():
    return None

def where():
    return [os.environ.get("COLOUR"), os.environ.get("AWS_ACCESS_KEY_ID")]
"""
ONE = {"output": {"task": "one"}}


@pytest.mark.parametrize("in_process", [False, True], ids=["in workers", "in process"])
def test_a_run_and_its_results(tmp_path: Path, in_process: bool) -> None:
    """Statuses, tries, values and logs; what JSON cannot hold is described; too large a value is no trouble."""
    jobs = {
        "one": Job("one"),
        "length": Job("length", upstream=("one",), args=(ONE,)),
        "pair": Job("pair"),
        "large": Job("large"),
        "nothing": Job("nothing"),
    }
    bundle = write_bundle(tmp_path / "demo", CODE, jobs)
    store = (tmp_path / "store").as_uri()
    seen: list[tuple[str, str]] = []
    ended = run_bundle(bundle, store=store, in_process=in_process, on_event=lambda *event: seen.append(event))
    assert ended.status == "SUCCEEDED", ended.diagnostics
    assert ended.tasks == dict.fromkeys(jobs, "success")
    assert ended.tries == dict.fromkeys(jobs, 1)
    assert ended.results["one"] == {"x": [1, 2]}
    assert ended.results["length"] == 2
    assert ended.results["large"] == "x" * 300_000
    assert "nothing" not in ended.results
    assert isinstance(pair := ended.results["pair"], dict)
    assert (pair["type"], pair["repr"]) == ("tuple", "(1, 2)")
    assert ended.transitions == 1 + len(jobs) + 1
    assert ended.run.startswith("demo/")
    assert [text for _, text in task_logs(store, ended.run, "one")] == ["working\n"]
    assert seen[:2] == [("one", "running"), ("one", "success")]
    assert msgspec.json.decode(msgspec.json.encode(ended))["diagnostics"] == []


def test_a_failed_run_says_which_task_and_why(tmp_path: Path) -> None:
    """One diagnostic for the task, one for the run."""
    bundle = write_bundle(tmp_path / "b", "def bad():\n    raise ValueError('kaput')\n", {"bad": Job("bad", retries=1)})
    ended = run_bundle(bundle, store=(tmp_path / "store").as_uri())
    assert (ended.status, ended.tasks, ended.tries) == ("FAILED", {"bad": "failed"}, {"bad": 2})
    assert [(found.code, found.subject) for found in ended.diagnostics] == [("SW611", "bad"), ("SW610", "b")]
    assert "ValueError: kaput" in ended.diagnostics[0].message
    assert "RunFailed" in ended.diagnostics[1].message


def test_two_runs_of_a_bundle_do_not_meet(tmp_path: Path) -> None:
    """Each has its own prefix in the store."""
    bundle = write_bundle(tmp_path / "b", CODE, {"one": Job("one")})
    store = (tmp_path / "store").as_uri()
    first, second = (run_bundle(bundle, store=store) for _ in range(2))
    assert first.status == second.status == "SUCCEEDED"
    assert first.run != second.run


def test_s3_in_process(tmp_path: Path) -> None:
    """The engine's own S3 is the store, its bucket made."""
    bundle = write_bundle(tmp_path / "b", CODE, {"one": Job("one"), "n": Job("length", ("one",), (ONE,))})
    ended = run_bundle(bundle, store="s3://bucket/prefix", in_process=True)
    assert ended.status == "SUCCEEDED", ended.diagnostics
    assert ended.results["n"] == 2


def test_workers_have_the_callers_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's fake credentials stay in the engine."""
    monkeypatch.setenv("COLOUR", "green")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    bundle = write_bundle(tmp_path / "b", CODE, {"where": Job("where")})
    assert run_bundle(bundle, store=(tmp_path / "s").as_uri()).results["where"] == ["green", "mine"]
    clean = {"PATH": os.environ["PATH"]}
    ended = run_bundle(bundle, store=(tmp_path / "s").as_uri(), environment=clean)
    assert ended.results["where"] == [None, None]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("missing", "is not a folder"),
        ("machine.asl.json", "machine.asl.json cannot be read"),
        ("manifest.json", "manifest.json is not JSON"),
        ("lambda", "lambda is missing"),
    ],
)
def test_what_is_no_bundle(tmp_path: Path, broken: str, said: str) -> None:
    """One diagnostic that names the file."""
    bundle = write_bundle(tmp_path / "b", CODE, {"one": Job("one")})
    match broken:
        case "missing":
            bundle = tmp_path / "absent"
        case "manifest.json":
            (bundle / broken).write_text("{")
        case _:
            (bundle / broken).rename(tmp_path / "elsewhere")
    ended = run_bundle(bundle, store=(tmp_path / "s").as_uri())
    assert (ended.status, [found.code for found in ended.diagnostics]) == ("FAILED", ["SW602"])
    assert said in ended.diagnostics[0].message


def test_a_machine_that_is_refused(tmp_path: Path) -> None:
    """The engine's reason is passed on."""
    bundle = write_bundle(tmp_path / "b", CODE, {"one": Job("one")})
    (bundle / "machine.asl.json").write_text('{"StartAt": "A", "States": {}}')
    assert [found.code for found in run_bundle(bundle, store=(tmp_path / "s").as_uri()).diagnostics] == ["SW603"]


def test_a_store_that_is_not_known(tmp_path: Path) -> None:
    """The URL and the forms that are known are named."""
    bundle = write_bundle(tmp_path / "b", CODE, {"one": Job("one", crash_retries=0)})
    (found,) = run_bundle(bundle, store="ftp://x/y").diagnostics
    assert found.code == "SW604"
    assert "ftp://x/y" in found.message
