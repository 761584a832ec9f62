"""A folder as a store, for runs on one machine."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence

from handler.errors import InfrastructureError

_counter = itertools.count()


class FileStore:
    """One file a key under `root`, so no key can be the folder of another. A value is written beside
    its place and then linked or renamed into it."""

    def __init__(self, root: str) -> None:
        self._root = root
        # No key begins with a dot (`handler.keys.segment`), so no key can lie in here.
        self._drafts = os.path.join(root, ".drafts")

    def get(self, key: str) -> bytes | None:
        """The value at `key`, None if there is none."""
        try:
            with open(self._place(key), "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise _failure("read", key, error) from error

    def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """The values at `keys`, one after the other."""
        return [self.get(key) for key in keys]

    def put(self, key: str, value: bytes) -> None:
        """Write `value`, in place of what is there."""
        try:
            draft = self._draft(key, value)
            os.replace(draft, self._place(key))
        except OSError as error:
            raise _failure("write", key, error) from error

    def put_if_absent(self, key: str, value: bytes) -> bool:
        """Write `value` unless there is one; a hard link fails where the name exists, so one writer wins."""
        place = self._place(key)
        try:
            if os.path.isfile(place):
                return False
            draft = self._draft(key, value)
            try:
                os.link(draft, place)
            except FileExistsError:
                if os.path.isdir(place):
                    raise
                return False
            finally:
                os.unlink(draft)
        except OSError as error:
            raise _failure("write", key, error) from error
        return True

    def list(self, prefix: str) -> Iterator[str]:
        """The keys that begin with `prefix`, sorted."""
        folder = prefix.rpartition("/")[0]
        found: list[str] = []
        for parent, folders, files in os.walk(self._place(folder) if folder else self._root):
            if parent == self._root and ".drafts" in folders:
                folders.remove(".drafts")
            inside = os.path.relpath(parent, self._root).replace(os.sep, "/")
            found += (name if inside == "." else f"{inside}/{name}" for name in files)
        return iter(sorted(key for key in found if key.startswith(prefix)))

    def _place(self, key: str) -> str:
        return os.path.join(self._root, *key.split("/"))

    def _draft(self, key: str, value: bytes) -> str:
        """Write `value` into a new file on the same file system, and make the folder it will go to."""
        draft = os.path.join(self._drafts, f"{os.getpid()}-{next(_counter)}-{os.urandom(4).hex()}")
        os.makedirs(self._drafts, exist_ok=True)
        with open(draft, "xb") as file:
            file.write(value)
        os.makedirs(os.path.dirname(self._place(key)), exist_ok=True)
        return draft


def _failure(verb: str, key: str, error: OSError) -> InfrastructureError:
    return InfrastructureError(f"cannot {verb} {key} in the file store: {error}")
