"""The source files around a callable: found, parsed and named, each once."""

from __future__ import annotations

import ast
import io
import keyword
import re
import sys
import tokenize
from collections.abc import Iterable, Mapping
from pathlib import Path

import libcst as cst

from transpilers.code.changes import Changes
from transpilers.code.imports import imports_in
from transpilers.code.policy import Policy
from transpilers.code.source import Module

INIT = "__init__"

TOO_DEEP = "it is nested too deep"

#: What runs beside the user's code in the machine: a module of that name would take its place.
BESIDE = frozenset({"handler", "boto3", "botocore"})


class Unreadable(Exception):
    """A file of the project that cannot be read or parsed."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(reason)
        self.path = path
        self.line = line
        self.reason = reason


class Project:
    """All files under one root, for one policy.

    `entries`: the files that callables are taken out of, with their paths as they were given.
    """

    def __init__(self, root: Path, policy: Policy, entries: Mapping[Path, Path]) -> None:
        self.root = root
        self.policy = policy
        self.entries = entries
        self._modules: dict[Path, Module] = {}
        self._changes: dict[Path, Changes] = {}
        self._names = self._named(sorted(entries))

    def module(self, path: Path) -> Module:
        """The parsed file. Raises Unreadable."""
        if path not in self._modules:
            self._modules[path] = self._parsed(path)
        return self._modules[path]

    def shown(self, path: Path) -> str:
        """The file as a diagnostic names it: from where the first file asked for was named."""
        if path in self.entries:
            return str(self.entries[path])
        for entry, given in self.entries.items():
            inner = entry.relative_to(self.root).parts if self.root in entry.parents else ()
            if inner and given.parts[-len(inner) :] == inner and self.root in path.parents:
                return str(Path(*given.parts[: -len(inner)]) / path.relative_to(self.root))
        return str(path)

    def changes(self, module: Module) -> Changes:
        """What the statements of the module change."""
        return self._changes.setdefault(module.path, Changes(module, self._found))

    def _found(self, name: str, importer: Module) -> Module | None:
        path = self.find(name, importer)
        return self.module(path) if path is not None else None

    def find(self, name: str, importer: Module) -> Path | None:
        """The file of a module, or None where it is not one of the project's, or where a file imports its own name."""
        parts = name.split(".")
        if not all(part.isidentifier() for part in parts):
            return None
        base = self.root.joinpath(*parts)
        for path in (base / f"{INIT}.py", base.with_name(f"{base.name}.py")):
            if path.is_file() and path != importer.path:
                return path
        return None

    def packages(self, path: Path) -> tuple[Path, ...]:
        """The `__init__.py` files that are imported before the file, outermost first."""
        folders = [folder for folder in path.parent.parents if self.root in folder.parents] + [path.parent]
        inits = (folder / f"{INIT}.py" for folder in sorted(folders, key=lambda each: len(each.parts)))
        return tuple(init for init in inits if init.is_file() and init != path and init.parent != self.root)

    def hidden(self, module: Module) -> str:
        """What a module of this name would take the place of; "" for nothing."""
        top = module.name.partition(".")[0]
        if top in BESIDE:
            return f"`{top}`, which runs beside it"
        return f"`{top}` of the standard library" if top in sys.stdlib_module_names else ""

    def shipped_path(self, module: Module) -> str:
        """Where the module lies among the shipped files."""
        stem = module.name.replace(".", "/")
        return f"{stem}/{INIT}.py" if module.path.name == f"{INIT}.py" else f"{stem}.py"

    def _parsed(self, path: Path) -> Module:
        text = _read(path)
        try:
            tree = ast.parse(text)
            parsed = cst.parse_module(text)
        except SyntaxError as error:
            raise Unreadable(path, error.lineno or 0, f"it is not valid Python: {error.msg}") from error
        except ValueError as error:
            # A null byte, which is a SyntaxError from Python 3.11.4 on.
            raise Unreadable(path, 0, f"it is not valid Python: {error}") from error
        except cst.ParserSyntaxError as error:
            reason = str(error).partition("\n")[0]
            raise Unreadable(path, 0, f"it cannot be parsed: {reason}") from error
        except (RecursionError, MemoryError) as error:
            raise Unreadable(path, 0, TOO_DEEP) from error
        name = self._names.get(path) or _dotted(path.relative_to(self.root))
        # A file that is asked for is loaded by its path, so it may have the name of a library that it imports.
        if path in self._names and name in {each.module.partition(".")[0] for each in imports_in([tree], "")}:
            name = f"{name}_code"
        package = name if path.name == f"{INIT}.py" else name.rpartition(".")[0]
        return Module(path, name, package, text, tree, self.policy, parsed)

    def _named(self, entries: Iterable[Path]) -> dict[Path, str]:
        """A name for each file that is asked for: one that can be imported, and no other module's."""
        names: dict[Path, str] = {}
        for path in entries:
            own = _dotted(path.relative_to(self.root)) if self.root in path.parents else path.stem
            if own in BESIDE | sys.stdlib_module_names:
                own = f"{own}_code"
            candidates = [own, *(f"{own}_{number}" for number in range(2, len(names) + 4))]
            names[path] = next(name for name in candidates if name not in names.values() and self._is_free(name, path))
        return names

    def _is_free(self, name: str, path: Path) -> bool:
        """Whether no other file would be imported by the name."""
        base = self.root.joinpath(*name.split("."))
        others = (base.with_name(f"{base.name}.py"), base / f"{INIT}.py")
        return not any(other.is_file() and other != path for other in others)


def root_for(path: Path) -> Path:
    """The folder a file is imported from: its own, or the one above its package where it uses relative imports.

    Raises Unreadable.
    """
    folder = path.parent
    if not (folder / f"{INIT}.py").is_file():
        return folder
    try:
        tree = ast.parse(_read(path))
    except SyntaxError as error:
        raise Unreadable(path, error.lineno or 0, f"it is not valid Python: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(path, 0, TOO_DEEP) from error
    if any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree)):
        while (folder / f"{INIT}.py").is_file() and folder.parent != folder:
            folder = folder.parent
    return folder


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return io.TextIOWrapper(io.BytesIO(data), encoding).read()
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise Unreadable(path, 0, f"it cannot be read: {reason}") from error


def _dotted(path: Path) -> str:
    parts = list(path.with_suffix("").parts)
    if parts[-1] == INIT and len(parts) > 1:
        parts.pop()
    return ".".join(map(_identifier, parts))


def _identifier(part: str) -> str:
    name = re.sub(r"\W", "_", part)
    if not name.isidentifier():
        name = f"_{name}"
    return f"{name}_" if keyword.iskeyword(name) else name
