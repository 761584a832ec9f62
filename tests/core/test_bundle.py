"""Bundles: whole or not at all, the same bytes each time, nothing of the user's overwritten."""

import hashlib
import json
from pathlib import Path

import msgspec
import pytest
from support.workflows import graph

from core_compiler.asl.limits import DEFINITION_BYTES
from core_compiler.bundle import files_of, write_bundle
from core_compiler.compiler import Compiled, compile_workflow
from core_compiler.diagnostics import Sink
from core_compiler.ir import SourceFile


def compiled() -> Compiled:
    workflow = msgspec.structs.replace(graph("a b", "b c", "a c"), files=(SourceFile("mod.py", "x = 1\n"),))
    result = compile_workflow(workflow, Sink())
    assert result is not None
    return result


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_bundle_has_the_machine_the_handler_the_users_code_and_a_manifest(tmp_path: Path):
    assert write_bundle(compiled(), tmp_path / "out", Sink())
    files = content(tmp_path / "out")
    assert {"machine.asl.json", "manifest.json", "lambda/handler/app.py", "lambda/user/mod.py"} <= files.keys()
    assert not [name for name in files if "__pycache__" in name]
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["files"] == {name: hashlib.sha256(text).hexdigest() for name, text in files.items()}
    assert list(manifest["tasks"]) == ["a", "b", "c"]
    assert [edge for edge in manifest["edges"] if edge.get("reduced")] == [
        {"upstream": "a", "downstream": "c", "reduced": True}
    ]


def test_a_second_time_gives_the_same_bytes_and_replaces_the_first(tmp_path: Path):
    write_bundle(compiled(), tmp_path / "out", Sink())
    first = content(tmp_path / "out")
    (tmp_path / "out" / "stale.txt").write_text("from an older bundle")
    write_bundle(compiled(), tmp_path / "out", Sink())
    assert content(tmp_path / "out") == first
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_definition_is_indented_only_where_the_file_then_stays_within_the_limit_of_aws():
    """Found by this: machines just below the limit were written as files of many times its size."""
    sizes: list[tuple[int, int]] = []
    for width in (3, 300, 600):
        made = compile_workflow(graph(*(f"s t{at}" for at in range(width))), Sink(), structure_name="layers")
        assert made is not None
        file = files_of(made)["machine.asl.json"]
        assert json.loads(file) == json.loads(made.definition)
        assert len(file) <= DEFINITION_BYTES
        sizes.append((len(made.definition), len(file)))
    assert sizes[0][1] > sizes[0][0]
    assert sizes[2][1] == sizes[2][0]


@pytest.mark.parametrize("kind", ["folder", "file", "foreign manifest"])
def test_anything_else_is_left_alone(tmp_path: Path, kind: str):
    out = tmp_path / "out"
    if kind == "file":
        out.write_text("mine")
    else:
        out.mkdir()
        (out / ("manifest.json" if kind == "foreign manifest" else "mine.txt")).write_text("[1]")
    sink = Sink()
    assert not write_bundle(compiled(), out, sink)
    assert [found.code for found in sink.diagnostics] == ["SW151"]
    assert out.is_file() or len(list(out.iterdir())) == 1


def test_what_cannot_be_written_is_one_line_and_leaves_nothing(tmp_path: Path):
    (tmp_path / "file").write_text("")
    sink = Sink()
    assert not write_bundle(compiled(), tmp_path / "file" / "out", sink)
    (found,) = sink.diagnostics
    assert found.code == "SW152"
    assert "\n" not in found.message
