"""Loads DAG files and writes one line of JSON (`call.DagFile`) a file to OUT.

    main(OUT, MODE, ROOT, PATH, SHOWN, [PATH, SHOWN ...])

MODE: live, or stub to fabricate what is not installed. ROOT: a folder that modules are found in besides the file's,
or "". PATH is absolute; SHOWN is what stands for it in spans. A file's line is written when it is done, so that the
parent knows which file it was that never ended. Raises nothing: what goes wrong is a fault in the file's line.
"""

from __future__ import annotations

import json
import os
import sys
from types import ModuleType
from typing import Any

from . import faults, stubs
from .dags import dag_call
from .engine import clear_contexts, engine
from .frames import MODULE, Frames

SUPPORTED = ("2.11.", "3.")


def main(argv: list[str]) -> None:
    """Answer for each pair of paths, then end the process, whatever threads the files have started."""
    out, mode, root = argv[:3]
    pairs = list(zip(argv[3::2], argv[4::2], strict=True))
    if root:
        sys.path.append(root)
    with open(out, "w") as target:
        version = _version()
        ready = version.startswith(SUPPORTED)
        if ready and mode == "stub":
            stubs.install()
        for path, shown in pairs:
            if ready:
                answer = _load(path, shown, version, root)
            else:
                answer = {"path": shown, "faults": [faults.no_airflow(version)]}
            target.write(json.dumps(answer) + "\n")
            target.flush()
    os._exit(0)


def _version() -> str:
    """Airflow's version, "" where there is none, "!" and why where it cannot be imported."""
    try:
        import airflow
    except ModuleNotFoundError as error:
        return "" if error.name == "airflow" else f"!{faults.one_line(error)}"
    except BaseException as error:
        return f"!{faults.one_line(error)}"
    return getattr(airflow, "__version__", "")


def _load(path: str, shown: str, version: str, root: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"path": shown, "dialect": version, "dags": [], "faults": []}
    before = set(sys.modules)
    stubs.begin()
    try:
        frames = Frames(path, shown)
        with frames:
            module = _execute(path)
            dags = _dags_of(module, frames)
            _describe(dags, frames, answer)
    except BaseException as error:
        answer["dags"] = []
        answer["faults"] = [faults.fault(error, path, shown)]
    finally:
        _forget(before, (os.path.dirname(path), root))
    answer["faults"] += stubs.found(path, shown)
    return answer


def _execute(path: str) -> ModuleType:
    """Import the file as Airflow does: a module of its own name, its folder on the path."""
    clear_contexts(MODULE)
    with open(path, "rb") as source:
        code = faults.compiled(source.read(), path)
    module = ModuleType(MODULE)
    module.__file__ = path
    sys.modules[MODULE] = module
    sys.argv = [path]
    sys.path.insert(0, os.path.dirname(path))
    exec(code, module.__dict__)  # noqa: S102 - running the file is what this program is for
    return module


def _dags_of(module: ModuleType, frames: Frames) -> list[Any]:
    """The DAGs that Airflow would take from the module, in the order of their creation."""
    found = [dag for dag in vars(module).values() if isinstance(dag, engine().dag)]
    found += [dag for dag, _ in engine().dag_context.autoregistered_dags]
    return sorted({id(dag): dag for dag in found}.values(), key=frames.number)


def _describe(dags: list[Any], frames: Frames, answer: dict[str, Any]) -> None:
    first: dict[str, Any] = {}
    for dag in dags:
        first.setdefault(dag.dag_id, dag)
    for dag in dags:
        if first[dag.dag_id] is not dag:
            answer["faults"].append(faults.duplicate(dag.dag_id, frames.span(first[dag.dag_id]), frames.span(dag)))
    doubled = {found["dag_id"] for found in answer["faults"]}
    for dag in dags:
        if dag.dag_id in doubled:
            continue
        try:
            dag.validate()
            answer["dags"].append(dag_call(dag, frames))
        except Exception as error:
            answer["faults"].append(faults.invalid(error, dag.dag_id, frames.span(dag)))
    if not dags:
        answer["faults"].append(faults.no_dag(frames.shown))


def _forget(before: set[str], folders: tuple[str, str]) -> None:
    """Drop the file's own helper modules, so that the next file's of the same name are its own."""
    own, root = folders
    while own in sys.path and own != root:
        sys.path.remove(own)
    inside = tuple(folder + os.sep for folder in folders if folder)
    for name in set(sys.modules) - before:
        origin = getattr(sys.modules[name], "__file__", None)
        if name == MODULE or (origin and origin.startswith(inside)):
            del sys.modules[name]
