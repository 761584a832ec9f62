"""The parent's side of the loader: a subprocess of the interpreter that has the user's Luigi."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from transpilers.luigi.wire import Fault, Tree, decode

HERE = Path(__file__).parent
RUNTIME = HERE / "runtime"
#: The folders of this program are on the path only while its own modules are imported.
BOOTSTRAP = (
    "import sys; n = int(sys.argv.pop(1)); sys.path[:0] = [sys.argv.pop(1) for _ in range(n)]; "
    "import handler.codec, handler.codec_scalars, stepweave_luigi; from stepweave_luigi_live import main; "
    "del sys.path[:n]; main.main(sys.argv[1:])"
)
REMOVED = ("AWS_",)
FORCED = {
    "PYTHONDONTWRITEBYTECODE": "1",
    # The order of a user's set of strings is then the same each time.
    "PYTHONHASHSEED": "0",
}


def load(arguments: Sequence[str], *, python: Path | None = None, folder: Path, time_limit: float = 300.0) -> Tree:
    """The tree of `MODULE TASK ARGUMENT ...`, or of `MODULE:FACTORY`, as the Luigi of `python` sees it in `folder`.

    Nothing is raised for what is wrong there: it is among the answer's faults.
    """
    with tempfile.TemporaryDirectory(prefix="stepweave-", ignore_cleanup_errors=True) as sandbox:
        out = Path(sandbox) / "out"
        ended = _run(arguments, interpreter(python), folder, time_limit, Path(sandbox))
        return decode(out.read_bytes()) if out.exists() else Tree(faults=(ended,))


def interpreter(python: Path | None) -> str:
    """Absolute, since subprocesses have working folders of their own; a bare name is looked up on PATH."""
    if python is None:
        return sys.executable
    return os.path.abspath(shutil.which(str(python)) or python)


def handler_parent() -> str:
    """The folder from which the package `handler` is imported."""
    found = importlib.util.find_spec("handler")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent.parent)


def _environment(sandbox: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(REMOVED)}
    for name in ("home", "tmp"):
        (sandbox / name).mkdir()
    return kept | {
        "HOME": str(sandbox / "home"),
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(sandbox / "tmp")),
        **FORCED,
    }


def _run(arguments: Sequence[str], python: str, folder: Path, time_limit: float, sandbox: Path) -> Fault:
    """Run the inside; returns the fault that there is if it did not answer."""
    paths = [str(HERE / "live"), str(RUNTIME), handler_parent()]
    command = [python, "-c", BOOTSTRAP, str(len(paths)), *paths, str(sandbox / "out"), *arguments]
    with open(sandbox / "log", "wb") as log:
        try:
            process = subprocess.Popen(
                command,
                env=_environment(sandbox),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        except OSError as error:
            return Fault("interpreter", f"{python}: {error.strerror}")
        try:
            code = process.wait(time_limit)
        except subprocess.TimeoutExpired:
            return Fault("time", f"{time_limit:g}")
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
    last = (sandbox / "log").read_text(errors="replace").split("\n")
    said = next((line.strip() for line in reversed(last) if line.strip()), "")
    return Fault("interpreter", f"{python} {how}" + (f": {said[:200]}" if said and code else ""))
