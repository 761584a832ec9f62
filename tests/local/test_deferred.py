"""The engine does not load what it does not use."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from transpilers.local.engine import LocalEngine
with LocalEngine() as engine:
    before = "moto.ec2" in sys.modules
    print(before, engine.client("batch").describe_job_queues()["jobQueues"], "moto.ec2" in sys.modules)
"""


def test_batch_is_loaded_when_it_is_asked_for() -> None:
    """With it come the tables of EC2, 95 MB in each process that ran a machine."""
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("False [] True\n", 0), done.stderr
