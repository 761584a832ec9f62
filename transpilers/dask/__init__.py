"""Dask graphs: compiled to bundles, or computed on the machine by `get`, Dask's scheduler interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transpilers.dask.scheduler import get

__all__ = ["get"]


def __getattr__(name: str) -> object:
    if name == "get":
        from transpilers.dask.scheduler import get

        return get
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
