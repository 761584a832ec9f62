"""Luigi's configuration in TOML ships as the other does. (test_refused.py has luigi.cfg and its secrets.)"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from luigi_trees.trees import bundle, files, run, tree

from transpilers.verify.verify_luigi import LuigiSettings, verify_luigi

TOML = """
class Greets(luigi.Task):
    word = luigi.Parameter()
    times = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget("greeting.txt")

    def run(self):
        mark = luigi.configuration.get_config().get("style", "mark")
        with self.output().open("w") as out:
            out.write(f"{self.word * self.times}{mark}")
"""


def test_a_toml_configuration_ships_and_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("toml", reason="Luigi reads luigi.toml with the package toml")
    monkeypatch.setenv("LUIGI_CONFIG_PARSER", "toml")
    (tmp_path / "luigi.toml").write_text('[Greets]\nword = "hello"\ntimes = 2\n[style]\nmark = "!"\ntoken = "x"\n')
    imported = tree(tmp_path, TOML, "Greets")
    assert [found.message for found in imported.diagnostics if found.code == "SW811"] == [
        "[style] token of Luigi's configuration looks like a secret and does not ship"
    ]
    made = bundle(imported, tmp_path / "bundle")
    assert "token" not in (made / "lambda" / "user" / "luigi.toml").read_text()
    assert "toml==" in (made / "lambda" / "user" / "requirements.txt").read_text()
    report = verify_luigi(["work", "Greets"], imported, LuigiSettings(python=sys.executable, source=tmp_path))
    assert report.equal, report.differences
    # The handler is told by what ships alone which parser there is.
    monkeypatch.delenv("LUIGI_CONFIG_PARSER")
    assert run(made, tmp_path / "store").status == "SUCCEEDED"
    assert files(tmp_path / "store")["greeting.txt"] == b"hellohello!"
