"""The parent's side of the loader: a subprocess of the interpreter that has the user's Luigi."""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Sequence
from pathlib import Path

from transpilers import rooms
from transpilers.luigi.wire import Fault, Tree, decode

HERE = Path(__file__).parent
RUNTIME = HERE / "runtime"
#: The folders of this program are on the path only while its own modules are imported.
BOOTSTRAP = (
    "import sys; n = int(sys.argv.pop(1)); sys.path[:0] = [sys.argv.pop(1) for _ in range(n)]; "
    "import handler.codec, handler.codec_scalars, stepweave_luigi; from stepweave_luigi_live import main; "
    "del sys.path[:n]; main.main(sys.argv[1:])"
)


def load(arguments: Sequence[str], *, python: Path | None = None, folder: Path, time_limit: float = 300.0) -> Tree:
    """The tree of `MODULE TASK ARGUMENT ...`, or of `MODULE:FACTORY`, as the Luigi of `python` sees it in `folder`.

    Nothing is raised for what is wrong there: it is among the answer's faults.
    """
    with tempfile.TemporaryDirectory(prefix="stepweave-", ignore_cleanup_errors=True) as room:
        out = Path(room) / "out"
        ended = _run(arguments, rooms.interpreter(python), folder, time_limit, Path(room))
        return decode(out.read_bytes()) if out.exists() else Tree(faults=(ended,))


def handler_parent() -> str:
    """The folder from which the package `handler` is imported."""
    found = importlib.util.find_spec("handler")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent.parent)


def _run(arguments: Sequence[str], python: str, folder: Path, time_limit: float, room: Path) -> Fault:
    """Run the inside; returns the fault that there is if it did not answer."""
    paths = [str(HERE / "live"), str(RUNTIME), handler_parent()]
    command = [python, "-c", BOOTSTRAP, str(len(paths)), *paths, str(room / "out"), *arguments]
    try:
        ended = rooms.run(command, room, environment=rooms.environment(room), folder=folder, time_limit=time_limit)
    except OSError as error:
        return Fault("interpreter", f"{python}: {error.strerror}")
    if ended.code is None:
        return Fault("time", f"{time_limit:g}")
    return Fault("interpreter", f"{python} {ended.how}")
