"""Airflow's oracle without its naps: `dag.test()` sleeps a second at each tick that runs nothing.

Run by the interpreter of the judged Airflow, in place of the script that it starts.
"""

import runpy
import sys
import time
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "transpilers" / "verify" / "oracles" / "airflow_script.py"
LONGEST_NAP = 0.005
_sleep = time.sleep


def nap(seconds: float) -> None:
    """Sleep, but not for long."""
    _sleep(min(seconds, LONGEST_NAP))


if __name__ == "__main__":
    time.sleep = nap
    sys.argv[0] = str(SCRIPT)
    runpy.run_path(str(SCRIPT), run_name="__main__")
