"""The command `transpile`, as the shell calls it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TRANSPILE = Path(sys.executable).parent / "transpile"


def transpile(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run it to its end; nothing it does takes two minutes."""
    return subprocess.run([TRANSPILE, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, timeout=120)
