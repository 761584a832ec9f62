"""The user's own modules, which ship with the machine: pickles name what they define."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path


def users_modules(root: Path) -> dict[str, str]:
    """Source by path below `root`, of every imported module there that belongs to no installed package."""
    installed = [Path(sysconfig.get_path(name)) for name in ("purelib", "platlib", "stdlib")]
    own = Path(__file__).parents[2]
    found: dict[str, str] = {}
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or not file.endswith(".py"):
            continue
        path = Path(file).resolve()
        below = path.is_relative_to(root.resolve())
        if below and not any(path.is_relative_to(folder) for folder in (*installed, *_packages(own))):
            found[path.relative_to(root.resolve()).as_posix()] = path.read_text(encoding="utf-8")
    return dict(sorted(found.items()))


def _packages(own: Path) -> list[Path]:
    return [own / name for name in ("transpilers", "core_compiler", "handler")]
