"""How fast the local engine is: tasks a second in a chain and in a Parallel, in process and in worker processes.

    python benchmarks/local_engine.py

Prints one table. Tasks do nothing, so that what is measured is the engine; the workers are warm.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from transpilers.local.engine import LocalEngine
from transpilers.local.functions import Function, InProcess, WorkerPool

CHAIN, BRANCHES = 200, 50
HANDLER = "def handle(event, context):\n    return {'task': event['task'], 'status': 'success'}\n"


def task(name: str, **fields: object) -> dict[str, Any]:
    """A task as the compiler emits it."""
    payload = {"v": 1, "op": "run", "run": "{% $run %}", "task": name}
    arguments = {"FunctionName": "handler", "Payload": payload}
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": arguments,
        "Output": {},
        **fields,
    }


def machine(first: str, states: dict[str, Any]) -> dict[str, Any]:
    """A machine that sets `run` and goes to `first`."""
    start = {"Type": "Pass", "Assign": {"run": "{% $states.context.Execution.Name %}"}, "Output": {}, "Next": first}
    return {"QueryLanguage": "JSONata", "StartAt": "start", "States": {"start": start, **states}}


def chain(count: int) -> dict[str, Any]:
    """t0, t1, ... one after the other."""
    last = count - 1
    follow: list[dict[str, object]] = [{"Next": f"t{at + 1}"} if at < last else {"End": True} for at in range(count)]
    return machine("t0", {f"t{at}": task(f"t{at}", **follow[at]) for at in range(count)})


def parallel(count: int) -> dict[str, Any]:
    """t0, t1, ... side by side."""
    branches = [{"StartAt": f"t{at}", "States": {f"t{at}": task(f"t{at}", End=True)}} for at in range(count)]
    return machine("fork", {"fork": {"Type": "Parallel", "Branches": branches, "Output": {}, "End": True}})


def functions(folder: Path) -> dict[str, Function]:
    """The two ways to answer."""
    (folder / "entry.py").write_text(HANDLER)
    scope: dict[str, Any] = {}
    exec(HANDLER, scope)
    return {
        "in process": InProcess(scope["handle"]),
        "worker processes": WorkerPool(folder, "entry.handle", environment=os.environ),
    }


def main() -> None:
    """Measure and print."""
    shapes = {f"chain of {CHAIN}": (chain(CHAIN), CHAIN), f"Parallel of {BRANCHES}": (parallel(BRANCHES), BRANCHES)}
    print(f"{'machine':<16} {'handler':<18} {'seconds':>8} {'tasks/s':>8} {'events':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for host, function in functions(Path(folder)).items():
            with LocalEngine({"handler": function}) as engine:
                engine.run(parallel(BRANCHES))
                for shape, (definition, tasks) in shapes.items():
                    started = time.perf_counter()
                    ended = engine.run(definition)
                    seconds = time.perf_counter() - started
                    assert ended.status == "SUCCEEDED", json.dumps(ended.cause)
                    print(f"{shape:<16} {host:<18} {seconds:>8.2f} {tasks / seconds:>8.0f} {len(ended.history):>7}")


if __name__ == "__main__":
    main()
