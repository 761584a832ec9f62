"""How long from the start of a process to the first line of a task's code, against a bare interpreter.

Both processes print the clock as their first line; a sample is that time less the time just before the process was
started. Samples of the two are taken in turn, so that both meet the same machine.

    python benchmarks/handler_start.py [SAMPLES]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BARE = "import time; print(time.time())"
HANDLER = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
from handler.app import lambda_handler
lambda_handler({{"v": 1, "op": "run", "run": f"m/x/{{sys.argv[1]}}", "task": "first", "component_name": "python",
                "component_config": {{"callable": "tasks:first"}}}}, None)
"""
TASK = "import os, time\ndef first():\n    os.write(1, f'{time.time()}\\n'.encode())\n"


def sample(code: str, number: int, environment: dict[str, str]) -> float:
    """Milliseconds from just before the process is started to the clock that it prints."""
    begun = time.time()
    command = [sys.executable, "-I", "-c", code, str(number)]
    printed = subprocess.run(command, env=environment, capture_output=True, check=True).stdout
    return (float(printed) - begun) * 1000


def main() -> None:
    """Print one table: medians, the best of each, and the ratio."""
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    with tempfile.TemporaryDirectory() as folder:
        user = Path(folder, "user")
        user.mkdir()
        (user / "tasks.py").write_text(TASK)
        environment = {
            **os.environ,
            "STEPWEAVE_STORE": Path(folder, "store").as_uri(),
            "STEPWEAVE_LOGS": "store",
            "STEPWEAVE_USER": str(user),
        }
        bare: list[float] = []
        handler: list[float] = []
        for number in range(samples + 1):
            bare.append(sample(BARE, number, environment))
            handler.append(sample(HANDLER, number, environment))
    # The first of each reads cold files and writes bytecode.
    one, two = statistics.median(bare[1:]), statistics.median(handler[1:])
    print(f"{'process':<24}{'median ms':>10}{'best ms':>10}{'ratio':>8}")
    print(f"{'bare interpreter':<24}{one:>10.1f}{min(bare[1:]):>10.1f}{1:>8.2f}")
    print(f"{'task in the handler':<24}{two:>10.1f}{min(handler[1:]):>10.1f}{two / one:>8.2f}")


if __name__ == "__main__":
    main()
