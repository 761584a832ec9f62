"""What cannot be taken is refused with a code, a place and a hint; what changes is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from luigi_trees.trees import tree

from core_compiler.diagnostics import Severity
from transpilers.luigi.importer import read

REFUSED = {
    "import": ("import nothing_like_it\n", ("T",), "SW804", "No module named 'nothing_like_it'", 2),
    "syntax": ("class T(luigi.Task:\n    pass\n", ("T",), "SW804", "SyntaxError", 2),
    "no such task": ("class T(luigi.Task):\n    pass\n", ("U",), "SW805", "No task U", 0),
    "parameter": ("class T(luigi.Task):\n    n = luigi.IntParameter()\n", ("T", "--n", "x"), "SW805", "'x'", 0),
    "unknown option": ("class T(luigi.Task):\n    pass\n", ("T", "--what", "1"), "SW805", "--what", 0),
    "missing": (
        "class T(luigi.Task):\n    n = luigi.IntParameter()\n",
        ("T",),
        "SW805",
        "the 'n' parameter",
        0,
    ),
    "factory": ("def make():\n    return 3\n", (), "SW806", "it returns int, not tasks", 0),
    "requires": (
        "class T(luigi.Task):\n    def requires(self):\n        raise OSError('no disk')\n",
        ("T",),
        "SW807",
        "OSError: no disk",
        4,
    ),
    "target": (
        "class T(luigi.Task):\n    def requires(self):\n        return luigi.LocalTarget('x')\n",
        ("T",),
        "SW807",
        "Wrap it in an ExternalTask",
        2,
    ),
    "frozen": (
        "class Odd:\n    pass\nODD = Odd()\nclass T(luigi.Task):\n    x = luigi.Parameter()\n"
        "class U(luigi.Task):\n    def requires(self):\n        return T(x=ODD)\n",
        ("U",),
        "SW808",
        "its parameter x has a value of Odd",
        5,
    ),
    "closure": (
        "def make():\n    class T(luigi.Task):\n        pass\n    return T()\n",
        (),
        "SW809",
        "has to be at the top of its module",
        3,
    ),
    "random": (
        "import random\nclass T(luigi.Task):\n    n = luigi.IntParameter(default=0)\n    def requires(self):\n"
        "        return [] if self.n else [T(n=random.randrange(1, 10**9))]\n",
        ("T",),
        "SW821",
        "other tasks each time",
        3,
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused(tmp_path: Path, case: str):
    source, arguments, code, said, line = REFUSED[case]
    imported = tree(tmp_path, source, *arguments)
    assert [entry.workflow for entry in imported.workflows] == [None]
    [found] = [one for one in imported.diagnostics if one.severity is Severity.ERROR]
    assert (found.code, found.line) == (code, line)
    assert said in found.message
    assert "\n" not in found.message
    assert not line or found.path == "work.py" or found.path.endswith("/work.py")


def test_an_interpreter_without_luigi_is_told(tmp_path: Path):
    (tmp_path / "python").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "python").chmod(0o755)
    imported = read(["work", "T"], folder=tmp_path, python=tmp_path / "python")
    assert [found.code for found in imported.diagnostics] == ["SW802"]


CHANGED = """
import datetime


class Base(luigi.Task):
    n = luigi.IntParameter()
    resources = {"database": 1, "wide": 1}

    def output(self):
        return luigi.LocalTarget(f"out/{type(self).__name__}{self.n}")


class Loud(Base):
    priority = 7
    retry_count = 3
    worker_timeout = 12


class Joined(luigi.Task):
    day = luigi.DateParameter(default=datetime.date(2026, 1, 1), batch_method=max)
    secret = luigi.Parameter(default="s", visibility=luigi.parameter.ParameterVisibility.PRIVATE)
    nothing = luigi.OptionalParameter(default=None)
    many = luigi.DictParameter(default={"a": [1, {"b": 2}]})
    choice = luigi.EnumParameter(enum=__import__("http").HTTPStatus, default=__import__("http").HTTPStatus.OK)
    interval = luigi.DateIntervalParameter(default=luigi.date_interval.Week(2026, 2))
    kind = luigi.TaskParameter(default=Loud)
    delta = luigi.TimeDeltaParameter(default=datetime.timedelta(hours=30))

    def requires(self):
        luigi.LocalTarget("anything").exists()
        return {"loud": Loud(1), 5: (Base(n) for n in range(4))}


def make():
    return Joined()
"""


def test_what_changes_is_told(tmp_path: Path):
    settings = (
        "[core]\nworkers = 3\n[resources]\nwide = 2\n[db]\npassword = x\nurl = postgres://me:mine@here/y\nhost = y\n"
    )
    (tmp_path / "luigi.cfg").write_text(
        "[DEFAULT]\nApiKey = z\n[worker]\ntask_limit = 9\n[email]\nreceiver = me\n" + settings
    )
    imported = tree(tmp_path, CHANGED)
    codes = sorted({found.code for found in imported.diagnostics})
    assert codes == ["SW811", "SW812", "SW813", "SW814", "SW815", "SW816", "SW817", "SW819", "SW820", "SW824"]
    [secret] = [found for found in imported.diagnostics if found.code == "SW824"]
    assert secret.message.endswith("in the bundle as it is: secret")
    ignored = [found.message.partition(" has no")[0] for found in imported.diagnostics if found.code == "SW819"]
    assert ignored == ["the number of workers", "[worker] task_limit", "[email] receiver"]
    [entry] = imported.workflows
    assert entry.workflow is not None
    loud = next(task for task in entry.workflow.tasks if task.id.startswith("Loud"))
    assert (loud.retry.retries, loud.retry.delay, loud.timeout) == (2, 900, 12)
    shipped = {file.path: file.text for file in entry.workflow.files}
    assert "host = y" in shipped["luigi.cfg"]
    assert not {word for word in ("password", "mine", "ApiKey") if word in shipped["luigi.cfg"]}
    assert "luigi==" in shipped["requirements.txt"]
    # One at a time holds the database: the five tasks are a chain, whose failures do not spread.
    users = {task.id for task in entry.workflow.tasks if task.id.startswith(("Base", "Loud"))}
    chain = [edge for edge in entry.workflow.edges if {edge.upstream, edge.downstream} <= users]
    assert len({edge.upstream for edge in chain}) == len({edge.downstream for edge in chain}) >= 4
    assert all(task.upstream == ("schedule",) for task in entry.workflow.tasks if task.id in users)
