"""The sandbox: own folders, no secrets, no network, an end to what never ends."""

import sys
from pathlib import Path

import pytest

from transpilers import isolate
from transpilers.verify import sandbox
from transpilers.verify.sandbox import NoIsolation, run_sandboxed


def run(code: str, folder: Path, **more: object):
    settings = {"environment": {}, "allow_network": True, "time_limit": 30.0, **more}
    return run_sandboxed([sys.executable, "-c", code], folder, **settings)


def test_home_and_temporary_folder_are_its_own(tmp_path: Path):
    code = "import os, tempfile, pathlib; print(pathlib.Path.home(), tempfile.gettempdir(), os.getcwd())"
    ended = run(code, tmp_path)
    assert ended.stdout.split() == [str(tmp_path / "home"), str(tmp_path / "tmp"), str(tmp_path)]


def test_secrets_do_not_reach_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("AWS_SECRET_ACCESS_KEY", "AIRFLOW_CONN_BANK", "AIRFLOW_VAR_TOKEN"):
        monkeypatch.setenv(name, "s3cret")
    assert "s3cret" not in run("import os; print(dict(os.environ))", tmp_path).stdout


def test_what_never_ends_is_killed_with_its_children(tmp_path: Path):
    code = "import subprocess; subprocess.run(['sleep', '600'])"
    assert run(code, tmp_path, time_limit=1.0).code is None


DIAL = """
import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
socket.create_connection(s.getsockname(), 2); print("loopback")
try:
    socket.create_connection(("192.0.2.1", 9), 2)
except OSError as error:
    print(error.errno)
"""


def test_only_loopback_is_up(tmp_path: Path):
    import errno

    assert run(DIAL, tmp_path, allow_network=False).stdout.split() == ["loopback", str(errno.ENETUNREACH)]


def test_where_the_network_cannot_be_cut_off_nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    refusing = tmp_path / "refusing.py"
    refusing.write_text(f"raise SystemExit({isolate.CANNOT_ISOLATE})")
    monkeypatch.setattr(sandbox.isolate, "__file__", str(refusing))
    with pytest.raises(NoIsolation):
        run("print('ran')", tmp_path, allow_network=False)
