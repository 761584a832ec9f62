"""A folder as a store, for runs on one machine."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from handler.errors import InfrastructureError

_counter = itertools.count()
_CHUNK = 1024 * 1024


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

    def has(self, key: str) -> bool:
        """Whether there is a value at `key`."""
        return os.path.isfile(self._place(key))

    def delete(self, key: str) -> None:
        """Remove the value at `key`, if there is one."""
        try:
            os.unlink(self._place(key))
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError as error:
            raise _failure("delete", key, error) from error

    def put(self, key: str, value: bytes) -> None:
        """Write `value`, in place of what is there."""
        self._replace(key, lambda file: file.write(value))

    def put_if_absent(self, key: str, value: bytes) -> bool:
        """Write `value` unless there is one; a hard link fails where the name exists, so one writer wins."""
        place = self._place(key)
        try:
            if os.path.isfile(place):
                return False
            draft = self._draft(key, lambda file: file.write(value))
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

    def upload(self, key: str, source: BinaryIO) -> None:
        """Write all that `source` still gives, in place of what is there."""
        from shutil import copyfileobj

        self._replace(key, lambda file: copyfileobj(source, file, _CHUNK))

    def download(self, key: str, target: BinaryIO) -> bool:
        """Copy the value at `key` into `target`; False if there is none."""
        from shutil import copyfileobj

        try:
            with open(self._place(key), "rb") as file:
                copyfileobj(file, target, _CHUNK)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return False
        except OSError as error:
            raise _failure("read", key, error) from error
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

    def _replace(self, key: str, write: Callable[[BinaryIO], object]) -> None:
        try:
            os.replace(self._draft(key, write), self._place(key))
        except OSError as error:
            raise _failure("write", key, error) from error

    def _draft(self, key: str, write: Callable[[BinaryIO], object]) -> str:
        """Write a new file on the same file system, and make the folder it will go to."""
        draft = os.path.join(self._drafts, f"{os.getpid()}-{next(_counter)}-{os.urandom(4).hex()}")
        os.makedirs(self._drafts, exist_ok=True)
        try:
            with open(draft, "xb") as file:
                write(file)
        except BaseException:
            os.unlink(draft)
            raise
        os.makedirs(os.path.dirname(self._place(key)), exist_ok=True)
        return draft


def _failure(verb: str, key: str, error: OSError) -> InfrastructureError:
    return InfrastructureError(f"cannot {verb} {key} in the file store: {error}")
