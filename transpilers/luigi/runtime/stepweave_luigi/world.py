"""What a task runs in: a sandbox of its own with targets that lead into it, and a Luigi that has run nothing yet."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Generator
from typing import NamedTuple

from handler.dispatch import Origin
from stepweave_luigi import targets
from stepweave_luigi.files import Files
from stepweave_luigi.mock import use_mock
from stepweave_luigi.tree import Tree, shipped

#: The working folder and Luigi's classes are the process's: one task at a time.
_LOCK = threading.RLock()


class World(NamedTuple):
    """The tree of the machine, and the files of this task."""

    tree: Tree
    files: Files


@contextlib.contextmanager
def opened(origin: Origin) -> Generator[World]:
    """The world of one invocation; the working folder is the sandbox's."""
    with _LOCK, tempfile.TemporaryDirectory(prefix="stepweave-luigi-", ignore_cleanup_errors=True) as folder:
        tree, store = shipped(), origin.invocation.store
        # The temporary folder can be behind a link, and a working folder is told without links.
        files = Files(os.path.realpath(folder), store, tree.settings.get("maps", {}))
        before = os.getcwd()
        targets.install()
        _log()
        tree.forget()
        os.chdir(files.places.work)
        targets.use(files)
        try:
            tree.load()
            use_mock(store, origin.run)
            yield World(tree, files)
        finally:
            targets.use(None)
            os.chdir(before)


class _Stderr(logging.Handler):
    """Writes to what is standard error at the time, which differs from task to task."""

    def emit(self, record: logging.LogRecord) -> None:
        # The error itself is told once, when it leaves the task.
        sys.stderr.write(f"{record.levelname}: {record.getMessage()}\n")


def _log() -> None:
    logger = logging.getLogger("luigi-interface")
    if not logger.handlers:
        logger.addHandler(_Stderr())
        logger.propagate = False
