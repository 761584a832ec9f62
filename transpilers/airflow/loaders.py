"""Which loader reads a file: each gives the same wire format, so nothing after it knows which one did."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
from pathlib import Path

import msgspec

from transpilers.airflow.call import DagFile, encode
from transpilers.airflow.live.loader import load as load_live

LOADERS = ("auto", "static", "live", "stub")
#: Settings of Airflow that change what a file means.
CONFIGURES = ("AIRFLOW__CORE__DEFAULT_", "AIRFLOW__OPERATORS__", "AIRFLOW__SCHEDULER__")
#: In place of a version: the interpreter cannot be asked, and the live loader says why.
BROKEN = "?"
_UNKNOWN = b'"kind":"unresolved"'
_PACKAGES = ("apache-airflow-core", "apache-airflow")
_ASK = f"""
from importlib.metadata import PackageNotFoundError, version
for name in {_PACKAGES!r}:
    try:
        print(version(name))
        break
    except PackageNotFoundError:
        pass
"""


def load_file(path: Path, loader: str, python: Path | None, time_limit: float) -> DagFile:
    """What `loader` says of a file that exists.

    `auto` reads it without running it, as a file of the Airflow that is there. Only where that leaves something open,
    or the environment configures that Airflow, the file is run as `live` does.
    """
    if loader in ("live", "stub"):
        return _live(path, python, time_limit, stub=loader == "stub")
    from transpilers.airflow.static import load as load_static

    [static] = load_static([path])
    if loader == "static":
        return static
    installed = airflow_version(python)
    if not installed:
        return static
    if installed != BROKEN and not _configured() and not static.faults and _UNKNOWN not in encode(static):
        return msgspec.structs.replace(static, dialect=installed)
    live = _live(path, python, time_limit, stub=False)
    # What Airflow cannot read for want of a provider is best told by the reading that got further.
    return static if static.dags and not live.dags else live


def airflow_version(python: Path | None) -> str:
    """The version of the Airflow of an interpreter (default: this one), "" where there is none; it is not imported."""
    if python is None:
        for name in _PACKAGES:
            try:
                return importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                continue
        return ""
    try:
        asked = subprocess.run([python, "-c", _ASK], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.SubprocessError):
        return BROKEN
    return asked.stdout.strip() if asked.returncode == 0 else BROKEN


def _configured() -> bool:
    """Whether the environment changes defaults of tasks or timetables: Airflow itself knows what becomes of them."""
    return any(name.startswith(CONFIGURES) for name in os.environ)


def _live(path: Path, python: Path | None, time_limit: float, *, stub: bool) -> DagFile:
    [file] = load_live([path], python=python, time_limit=time_limit, stub=stub)
    return file
