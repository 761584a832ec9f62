"""`make judge-luigi`: random task trees by Luigi itself and by their machines, compared in statuses and bytes.

    python -m luigi_trees.judge_luigi [FIRST [COUNT]]

Each side of each tree runs in a process forked from this one, which has imported everything and run nothing.
"""

from __future__ import annotations

import faulthandler
import os
import pickle
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from luigi_trees.random_trees import Case, case

from core_compiler.bundle import write_bundle
from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink, to_text
from handler.store import open_store
from transpilers.local import run_bundle
from transpilers.luigi import wire
from transpilers.luigi.importer import lowered
from transpilers.luigi.loader import HERE, RUNTIME
from transpilers.verify.luigi import SCRIPT, SEED, WORDS, Left, files_in
from transpilers.verify.verify_luigi import compare, left_by_machine, stored_key


class ChildFailed(Exception):
    """A forked process did not come to its end; the message is its traceback."""


def forked(work: Callable[[], Any], folder: Path, seconds: int) -> Any:
    """What `work` returns in a process of its own, whose working folder is `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    answer = folder / "answer.pickle"
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.chdir(folder)
        log = os.open(folder / "log", os.O_CREAT | os.O_WRONLY)
        os.dup2(log, 1)
        os.dup2(log, 2)
        # One that hangs says where.
        faulthandler.dump_traceback_later(seconds, exit=True, file=log)
        try:
            found: Any = (True, work())
        except BaseException:
            found = (False, traceback.format_exc())
        answer.write_bytes(pickle.dumps(found))
        os._exit(0)
    os.waitpid(pid, 0)
    with suppress(ProcessLookupError):
        # Luigi's mock targets live in a process of their own.
        os.killpg(pid, signal.SIGKILL)
    if not answer.exists():
        raise ChildFailed(
            f"{folder.name} was killed, after {seconds} s at most: {(folder / 'log').read_text()[-6000:]}"
        )
    good, found = pickle.loads(answer.read_bytes())
    if not good:
        raise ChildFailed(found)
    return found


def loaded(folder: Path) -> bytes:
    """The loader's answer for the module in `folder`."""
    import json

    sys.path[:0] = [str(HERE / "live"), str(RUNTIME)]
    import stepweave_luigi  # noqa: F401
    from stepweave_luigi_live import main  # pyright: ignore

    os.chdir(folder)
    return json.dumps(main._load(["work:make"])).encode()


def by_luigi(folder: Path, made: Case) -> Left:
    """The tree run by Luigi."""
    import runpy

    script = runpy.run_path(str(SCRIPT))
    work, root = Path("work").resolve(), Path("root").resolve()
    for top in (work, root):
        top.mkdir()
    for name, data in made.staged.items():
        place = root / name.lstrip("/") if name.startswith("/") else work / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    sys.path.insert(0, str(folder))
    os.chdir(work)
    script["lead"](str(root))
    answer = script["judge"]({"arguments": ["work:make"], "seed": SEED, "retries": False})
    tasks = {task: WORDS[status] for task, status in answer["tasks"].items()}
    state = "success" if all(tasks.get(task) == "success" for task in answer["roots"]) else "failed"
    mock = {name: bytes.fromhex(data) for name, data in answer["mock"].items()}
    return Left(state, tasks, {**files_in(work, ""), **files_in(root, "/")}, mock)


def by_machine(bundle: Path, made: Case) -> Left:
    """The tree's machine, run in this process."""
    os.environ["STEPWEAVE_LUIGI_SEED"] = SEED
    place = Path("store").resolve()
    store = open_store(place.as_uri())
    for name, data in made.staged.items():
        store.put(stored_key(name), data)
    result = run_bundle(bundle, store=place.as_uri(), in_process=True, max_retry_wait=1)
    return left_by_machine(place, "success" if result.status == "SUCCEEDED" else "failed")


def judge(seed: int, folder: Path) -> tuple[str, list[str]]:
    """The verdict on the tree of a seed, and what differs."""
    made = case(seed)
    source = folder / "source"
    source.mkdir(parents=True)
    (source / "work.py").write_text(made.source)
    tree = wire.decode(forked(lambda: loaded(source), folder / "load", 60))
    sink = Sink()
    [entry] = lowered(tree, ["work:make"], "python", {}, None).workflows
    compiled = entry.workflow and compile_workflow(entry.workflow, sink)
    if compiled is None or not write_bundle(compiled, folder / "bundle", sink):
        return "not compiled", [to_text(sink.diagnostics), *map(str, tree.faults)]
    source_left = forked(lambda: by_luigi(source, made), folder / "luigi", 120)
    machine_left = forked(lambda: by_machine(folder / "bundle", made), folder / "machine", 120)
    found = compare(f"tree {seed}", source_left, machine_left)
    return ("not equal" if found else source_left.state), [
        f"{one.task} {one.kind}: Luigi {one.source}, machine {one.machine}" for one in found
    ]


def campaign(first: int, count: int) -> int:
    """Judge `count` trees; 1 where one differs. What differs is kept in build/judge-luigi."""
    import luigi.mock
    import luigi.worker  # noqa: F401

    import transpilers.local.engine  # noqa: F401

    verdicts: Counter[str] = Counter()
    for seed in range(first, first + count):
        folder = Path(tempfile.mkdtemp(prefix="stepweave-judge-"))
        try:
            verdict, told = judge(seed, folder)
        except ChildFailed as failed:
            verdict, told = "broken", [str(failed)]
        verdicts[verdict] += 1
        if told:
            kept = Path("build/judge-luigi") / str(seed)
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(folder, kept)
            print(f"tree {seed}: {verdict}", *told, sep="\n    ", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{count} trees: " + ", ".join(f"{number} {verdict}" for verdict, number in verdicts.most_common()))
    return 1 if verdicts["not equal"] or verdicts["broken"] or verdicts["not compiled"] else 0


if __name__ == "__main__":
    first, count = (int(text) for text in (*sys.argv[1:], *("1", "300")[len(sys.argv) - 1 :]))
    sys.exit(campaign(first, count))
