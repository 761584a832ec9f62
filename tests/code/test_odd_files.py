"""Files as they come: missing, broken, oddly encoded, oddly named; each gives a slice or one clear line."""

import subprocess
import sys
from pathlib import Path

import pytest

from core_compiler.diagnostics import Sink
from transpilers.code import CodeRequest, TakenOut, take_out, take_out_all


def taken(path: Path, qualname: str = "run", **more: object) -> tuple[TakenOut | None, list[str]]:
    sink = Sink()
    request = CodeRequest(path=path, qualname=qualname, refused_prefixes=("airflow",), **more)  # pyright: ignore[reportArgumentType]
    return take_out(request, sink), [f"{found.code} {found.message}" for found in sink.diagnostics]


def written(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "SW507 dag.py: it cannot be read: No such file or directory"),
        ("def run(:", "SW507 dag.py: it is not valid Python: invalid syntax"),
        (b"x = 1\0\n", "SW507 dag.py: it is not valid Python: source code string cannot contain null bytes"),
        (b"x = '\xff'\n", "SW507 dag.py: it cannot be read: invalid or missing encoding declaration"),
        ("x = " + "(" * 300 + ")" * 300, "SW507 dag.py: it is not valid Python: too many nested parentheses"),
        ("x = " + "-" * 20_000 + "1", "SW507 dag.py: it is nested too deep"),
        ("", "SW501 no callable `run` in dag.py: nothing of that name is defined there"),
    ],
)
def test_one_clear_line(data: str | bytes | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "dag.py"
    if data is not None:
        written(path, data)
    found, messages = taken(path)
    assert found is None
    assert len(messages) == 1
    assert messages[0].startswith(message)


def test_line_ends_tabs_and_encodings(tmp_path: Path) -> None:
    text = "# -*- coding: latin-1 -*-\r\nWORD = 'é'\r\nif True:\r\n\tdef run():\r\n\t\treturn '''a\r\nb''' + WORD\r\n"
    found, _ = taken(written(tmp_path / "dag.py", text.encode("latin-1")))
    assert found is not None
    names: dict[str, object] = {}
    exec(found.files[0].text, names)
    assert names["run"]() == "a\nbé"  # pyright: ignore[reportCallIssue]
    assert "\r" not in found.files[0].text


def test_a_whole_file_is_utf8_whatever_it_was(tmp_path: Path) -> None:
    text = "# coding: latin-1\nWORD = 'é'\n\n\ndef run():\n    return globals()['WORD']\n"
    found, messages = taken(written(tmp_path / "dag.py", text.encode("latin-1")))
    assert found is not None
    assert found.whole
    assert messages == ["SW504 dag.py ships whole: `globals` is used"]
    shipped = written(tmp_path / "out" / found.files[0].path, found.files[0].text)
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", "import dag; print(dag.run())"],
        cwd=shipped.parent,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == "é\n"


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("my-dag.2.py", "my_dag_2"),
        ("1st.py", "_1st"),
        ("class.py", "class_"),
        ("handler.py", "handler_code"),
        ("email.py", "email_code"),
        ("boto3.py", "boto3_code"),
    ],
)
def test_a_module_gets_a_name_that_can_be_imported(name: str, module: str, tmp_path: Path) -> None:
    found, _ = taken(written(tmp_path / name, "def run():\n    return 1\n"))
    assert found is not None
    assert found.callable == f"{module}:run"
    assert [file.path for file in found.files] == [f"{module}.py"]


def test_names_stay_apart(tmp_path: Path) -> None:
    paths = [written(tmp_path / name, f"def run():\n    return {name!r}\n") for name in ("a-b.py", "a_b.py", "a.b.py")]
    sink = Sink()
    found = take_out_all([CodeRequest(path=path, qualname="run") for path in paths], sink)
    assert not sink.failed
    assert len({each.callable for each in found if each}) == 3


def test_files_of_different_roots_must_not_hide_each_other(tmp_path: Path) -> None:
    paths = [written(tmp_path / folder / "dag.py", f"def run():\n    return {folder!r}\n") for folder in "ab"]
    sink = Sink()
    requests = [CodeRequest(path=path, qualname="run", subject=path.parent.name) for path in paths]
    found = take_out_all(requests, sink)
    assert [each is None for each in found] == [False, True]
    assert [(each.code, each.subject) for each in sink.diagnostics] == [("SW506", "b")]
    together = take_out_all([CodeRequest(path=path, qualname="run", root=tmp_path) for path in paths], Sink())
    assert [each.callable for each in together if each] == ["a.dag:run", "b.dag:run"]


def test_a_file_outside_its_root_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "dag.py", "def run(): ...\n")
    (tmp_path / "dags").mkdir()
    found, messages = taken(path, root=tmp_path / "dags")
    assert found is None
    assert messages == ["SW507 dag.py: it lies outside the folder dags/ that code is imported from"]


def test_relative_imports_lead_to_the_package_root(tmp_path: Path) -> None:
    written(tmp_path / "work" / "__init__.py", "")
    written(tmp_path / "work" / "flows" / "__init__.py", "")
    written(tmp_path / "work" / "tools.py", "ONE = 1\n")
    path = written(tmp_path / "work" / "flows" / "dag.py", "from ..tools import ONE\n\n\ndef run():\n    return ONE\n")
    found, messages = taken(path)
    assert found is not None, messages
    assert found.callable == "work.flows.dag:run"
    assert [file.path for file in found.files] == [
        "work/__init__.py",
        "work/flows/__init__.py",
        "work/flows/dag.py",
        "work/tools.py",
    ]


def test_relative_import_that_leaves_the_project(tmp_path: Path) -> None:
    path = written(tmp_path / "dag.py", "from ..tools import ONE\n\n\ndef run():\n    return ONE\n")
    found, messages = taken(path)
    assert found is None
    assert messages == ["SW507 dag.py: the import leaves the project"]


def test_a_long_sum_is_no_obstacle(tmp_path: Path) -> None:
    text = f"WORD = {' + '.join(['1'] * 700)}\n\n\ndef run():\n    return WORD\n"
    found, messages = taken(written(tmp_path / "dag.py", text))
    assert found is not None, messages
    assert found.files[0].text.endswith(text)


def test_nothing_is_executed(tmp_path: Path) -> None:
    mark = tmp_path / "executed"
    path = written(tmp_path / "dag.py", f"open({str(mark)!r}, 'w').close()\n\n\ndef run():\n    return 1\n")
    found, _ = taken(path)
    assert found is not None
    assert not mark.exists()


def test_libcst_is_imported_on_first_use_only() -> None:
    script = "import sys, transpilers.code, transpilers.code.rules; print('libcst' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
