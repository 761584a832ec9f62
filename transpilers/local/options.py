"""The settings of a local run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How a bundle runs: see `run_bundle`."""

    store: str
    lambda_timeout: float = 900.0
    concurrency: int = 16
    timeout: float | None = None
    environment: Mapping[str, str] | None = None
    output: IO[str] | None = None
    in_process: bool = False
