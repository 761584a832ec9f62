"""`transpile graph`: output, exit codes, and one clear line for each way in which a bundle can be bad."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from graph_view.pictures import bundle, manifest, shop, written

from transpilers.cli.main import main

TRANSPILE = Path(sys.executable).parent / "transpile"
PASS = {"Type": "Pass", "End": True}


def graph(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [TRANSPILE, "graph", *map(str, arguments)], capture_output=True, timeout=120, env=environment or None
    )


@pytest.mark.parametrize(
    ("form", "begins"), [("mermaid", b'---\ntitle: "shop'), ("dot", b'digraph "shop" {'), ("svg", b"<?xml")]
)
@pytest.mark.parametrize("view", [(), ("--machine",), ("--machine", "--errors")], ids=" ".join)
def test_every_format_of_every_view(form: str, begins: bytes, view: tuple[str, ...], tmp_path: Path):
    done = graph(bundle(shop(), tmp_path / "b"), "--format", form, *view)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(begins)
    assert done.stderr == b""


def test_json_holds_the_drawing_and_its_parts(tmp_path: Path):
    folder = bundle(shop(), tmp_path / "b")
    said = json.loads(graph(folder, "--format", "dot", "--json").stdout)
    assert said["format"] == "dot"
    assert said["text"].encode() == graph(folder, "--format", "dot").stdout
    assert {"id": "alert", "shape": "shell", "detail": "one_failed", "critical": True} in said["picture"]["nodes"]
    assert {"tail": "join", "head": "done", "stroke": "redundant"} in said["picture"]["lines"]
    assert said["diagnostics"] == []


def test_the_drawing_is_utf_8_whatever_the_terminal(tmp_path: Path):
    tasks = {"naïve 日本": {"component": {"kind": "noop"}}}
    folder = written(tmp_path / "b", manifest(tasks=tasks, edges=[]))
    done = graph(folder, "--format", "dot", PYTHONIOENCODING="latin-1", PATH="")
    assert done.returncode == 0, done.stderr
    assert '"naïve 日本"'.encode() in done.stdout


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (["not", "an", "object"], "Expected `object`"),
        (manifest(v=2), "manifests of version 1, not 2"),
        ({"v": 1}, "missing required field"),
        (manifest(edges=[{"upstream": "a", "downstream": "z"}]), "the task 'z'"),
        (manifest(edges=[{"upstream": "a", "downstream": "b", "kind": "whim"}]), "whim"),
        (manifest(groups=[{"id": "g", "tasks": ["z"]}]), "the task 'z'"),
        (manifest(groups=[{"id": "g", "parent": "h"}]), "no group 'h'"),
        (manifest(groups=[{"id": "g", "parent": "h"}, {"id": "h", "parent": "g"}]), "stands in itself"),
        (manifest(groups=[{"id": "g"}, {"id": "g"}]), "two groups"),
    ],
)
def test_a_broken_manifest_is_one_clear_line(content: object, says: str, tmp_path: Path):
    done = graph(written(tmp_path / "b", content))
    assert done.returncode == 1
    assert done.stdout == b""
    first, hint = done.stderr.decode().splitlines()
    assert "manifest.json: error[SW622]" in first
    assert says in first
    assert hint == "    Compile the workflow again."


@pytest.mark.parametrize(
    ("machine", "says"),
    [
        ({"StartAt": "a"}, "missing required field"),
        ({"StartAt": "z", "States": {"a": PASS}}, "starts at 'z'"),
        ({"StartAt": "a", "States": {"a": {"Type": "Pass", "Next": "z"}}}, "leads to 'z'"),
        (
            {
                "StartAt": "a",
                "States": {
                    "a": {"Type": "Parallel", "Branches": [{"StartAt": "a", "States": {"a": PASS}}], "End": True},
                },
            },
            "two states have the name 'a'",
        ),
    ],
)
def test_a_broken_machine_is_one_clear_line(machine: object, says: str, tmp_path: Path):
    done = graph(written(tmp_path / "b", manifest(), machine), "--machine")
    assert done.returncode == 1
    assert "machine.asl.json: error[SW622]" in done.stderr.decode()
    assert says in done.stderr.decode()


def test_no_bundle_is_wrong_usage(tmp_path: Path):
    done = graph(tmp_path / "nothing")
    assert done.returncode == 2
    assert "error[SW621] cannot read it: No such file or directory" in done.stderr.decode()
    said = json.loads(graph(tmp_path / "nothing", "--json").stdout)
    assert (said["text"], said["picture"]) == (None, None)
    assert [found["code"] for found in said["diagnostics"]] == ["SW621"]


def test_svg_without_its_extra_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("transpilers.graph.svg.NEEDED", "not_installed_anywhere")
    monkeypatch.setattr("sys.argv", ["transpile", "graph", str(written(tmp_path / "b", manifest())), "--format", "svg"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "pip install 'stepweave[graph]'" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [("--format", "png"), ("--errors",)], ids=" ".join)
def test_wrong_usage_is_2(arguments: tuple[str, ...], tmp_path: Path):
    done = graph(written(tmp_path / "b", manifest()), *arguments)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
