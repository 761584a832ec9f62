"""The Luigi oracle: `luigi.build` of the Luigi that `--python` names, in a sandbox of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from transpilers.verify.airflow import OracleFailed
from transpilers.verify.sandbox import run_sandboxed

SCRIPT = Path(__file__).parent / "oracles" / "luigi_script.py"
#: A file that is still being written.
DRAFT = "luigi-tmp-"


class Left(msgspec.Struct, frozen=True):
    """What a run left: statuses in the machine's words by task id, and files by path (`/` first: absolute)."""

    state: str
    tasks: dict[str, str]
    files: dict[str, bytes]
    mock: dict[str, bytes]


class _Answer(msgspec.Struct, frozen=True):
    tasks: dict[str, str]
    runs: dict[str, int]
    roots: list[str]
    mock: dict[str, str]


#: What Luigi's scheduler says in the end, in the machine's words: a task left pending could not run.
WORDS = {
    "DONE": "success",
    "FAILED": "failed",
    "DISABLED": "failed",
    "UNKNOWN": "failed",
    "PENDING": "upstream_failed",
    "RUNNING": "upstream_failed",
}


def run_luigi(
    arguments: Sequence[str],
    folder: Path,
    source: Path,
    *,
    python: str,
    staged: Mapping[str, bytes],
    retries: bool,
    allow_network: bool = False,
    time_limit: float = 600.0,
) -> Left:
    """Run the tree in `folder`; `source` is the user's working folder, `staged` what is there before, by path.

    Raises OracleFailed with one line where nothing came back, NoIsolation as the sandbox does.
    """
    work, root, out = folder / "work", folder / "root", folder / "out.json"
    for top in (work, root):
        top.mkdir(parents=True, exist_ok=True)
    for name, data in staged.items():
        place = root / name.lstrip("/") if name.startswith("/") else work / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    request = {
        "arguments": list(arguments),
        "folder": str(source.resolve()),
        "work": str(work.resolve()),
        "root": str(root.resolve()),
        "seed": SEED,
        "retries": retries,
        "out": str(out),
    }
    (folder / "request.json").write_bytes(msgspec.json.encode(request))
    command = [python, str(SCRIPT), str(folder / "request.json")]
    ended = run_sandboxed(command, folder, environment={}, allow_network=allow_network, time_limit=time_limit)
    if ended.code is None:
        raise OracleFailed(f"Luigi was still running after {time_limit:g} s")
    if not out.exists():
        last = ended.stderr.strip().splitlines()[-1:] or [f"exit code {ended.code}"]
        raise OracleFailed(f"Luigi could not run it: {last[0]}")
    answer = msgspec.json.decode(out.read_bytes(), type=_Answer)
    tasks = {task: WORDS[status] for task, status in answer.tasks.items()}
    state = "success" if all(tasks.get(task) == "success" for task in answer.roots) else "failed"
    mock = {name: bytes.fromhex(data) for name, data in answer.mock.items()}
    return Left(state, tasks, {**files_in(work, ""), **files_in(root, "/")}, mock)


#: Both sides draw the same random numbers in a task.
SEED = "verify"


def files_in(top: Path, before: str) -> dict[str, bytes]:
    """The files below a folder by path, `before` put first."""
    found = sorted(path for path in top.rglob("*") if path.is_file() and DRAFT not in path.name)
    return {before + str(path.relative_to(top)): path.read_bytes() for path in found}
