"""The world that the handler's tests run in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.handler_world import World

from handler.store.file import FileStore


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the user's code, on the handler's search path for one test."""
    folder = tmp_path / "user"
    folder.mkdir()
    monkeypatch.setenv("STEPWEAVE_USER", str(folder))
    before = list(sys.path)
    yield folder
    sys.path[:] = before
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(str(folder)):
            del sys.modules[name]
    sys.path_importer_cache.clear()


@pytest.fixture
def world(tmp_path: Path, user: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A handler on a file store; every record it wrote is held to the schema at the end."""
    monkeypatch.setenv("STEPWEAVE_LOGS", "store")
    made = World(FileStore(str(tmp_path / "store")), user)
    yield made
    made.check_records()
