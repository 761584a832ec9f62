"""How a DAG's templates are rendered, and the files of templates that ship with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from core_compiler import ir
from core_compiler.ir import SourceFile
from transpilers.airflow.asking import DAG, FACTS, WITHOUT_TEXT, Missing, lacks
from transpilers.airflow.call import DagCall, List, Literal, Template, Tuple, Value
from transpilers.airflow.jinja import EXTENSIONS, Asked, BadTemplate, asked

#: Where the handler looks for files of templates, below the user's code.
FOLDER = "templates"
LARGEST_BYTES = 1 << 20


class NoFile(Exception):
    """A file of templates that cannot ship; the message completes "the template file ..."."""


class Rendering:
    """The rendering of one DAG's fields. What is found on the way is kept: files to ship, names that are asked for."""

    def __init__(self, dag: DagCall, path: Path, dialect: str) -> None:
        self.dialect = dialect
        self.path = path.resolve()
        self.native = dag.kwargs.get("render_template_as_native_obj") == Literal(True)
        #: What is known of the DAG in a template.
        self.dag = DAG | (FACTS & dag.kwargs.keys())
        #: As Airflow searches: the DAG's own folder first.
        self.folders = (path.resolve().parent, *_folders(dag.kwargs.get("template_searchpath")))
        options = _named(dag.kwargs.get("jinja_environment_kwargs"))
        self.extensions = _extensions(options.get("extensions"))
        self.keeps_newlines = options.get("keep_trailing_newline") == Literal(True)
        self.macros = frozenset(_named(dag.kwargs.get("user_defined_macros")))
        self.files: dict[str, SourceFile] = {}
        self.asked: dict[str, Asked] = {}

    def text(self, text: str, suffixes: tuple[str, ...]) -> ir.Argument | None:
        """A string of a rendered field as an argument; None for one that comes out as it is.

        Raises NoFile and BadTemplate.
        """
        if suffixes and text.endswith(suffixes):
            self._ship(text)
            return ir.Template(file=text, native=self.native)
        marked = any(mark in text for mark in ("{{", "{%", "{#"))
        if not self.native and not marked and not (self.keeps_newlines and text.endswith(("\n", "\r"))):
            return None
        self._note(text)
        return ir.Template(text, native=self.native)

    def lacking(self, text: str, suffixes: tuple[str, ...], task: frozenset[str]) -> Iterator[Missing]:
        """What a string asks for that the machine does not have; `task`: attributes of its own that are known, none
        where they are not told. Raises NoFile and BadTemplate.
        """
        source = self._ship(text) if suffixes and text.endswith(suffixes) else text
        found = self._note(source)
        chains = {(name,) for name in found.names} | found.chains
        said = {"dag": self.dag, "task": task}
        asked_of_run = [chain for chain in chains if chain[0] not in self.macros]
        missing = {lack for chain in asked_of_run if (lack := lacks(self.dialect, chain, said))}
        missing |= {Missing(f"the text of {name}") for name in (found.shown & WITHOUT_TEXT) - self.macros}
        yield from sorted(missing)

    def _note(self, text: str) -> Asked:
        if text not in self.asked:
            self.asked[text] = asked(text, self.extensions)
            for name in self.asked[text].files:
                if name is None:
                    raise BadTemplate("it includes a file whose name is computed")
                self._ship(name)
        return self.asked[text]

    def _ship(self, name: str) -> str:
        """The text of a template file, which ships together with those that it includes."""
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise NoFile(f"{name} does not lie below a folder of templates")
        for number, folder in enumerate(self.folders):
            place = folder / name
            if place.is_file():
                shipped = f"{FOLDER}/{number}/{name}"
                if shipped not in self.files:
                    text = _read(place, name)
                    self.files[shipped] = SourceFile(shipped, text)
                    self._note(text)
                return self.files[shipped].text
        raise NoFile(f"{name} is not there")

    @property
    def search(self) -> tuple[str, ...]:
        """The folders below `templates/` that have files, in the order of the search."""
        return tuple(dict.fromkeys(sorted((path.split("/")[1] for path in self.files), key=int)))


def _read(place: Path, name: str) -> str:
    try:
        if place.stat().st_size > LARGEST_BYTES:
            raise NoFile(f"{name} is larger than 1 MB")
        return place.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise NoFile(f"{name} cannot be read: {error}") from error


def _folders(value: Value | None) -> Iterator[Path]:
    match value:
        case Literal(str() as text):
            yield Path(text)
        case List(items) | Tuple(items):
            for item in items:
                yield from _folders(item)
        case _:
            return


def _named(value: Value | None) -> Mapping[str, Value]:
    from transpilers.airflow.values import named

    return (named(value) if value is not None else None) or {}


def _extensions(value: Value | None) -> tuple[str, ...]:
    """Jinja's own extensions that a DAG's options name; others are refused where the options are read."""
    match value:
        case List(items) | Tuple(items):
            given = [item.value for item in items if isinstance(item, Literal)]
            return tuple(one for one in given if isinstance(one, str) and one.startswith("jinja2.ext."))
        case _:
            return EXTENSIONS


def is_text(value: Value) -> bool:
    """Whether it is a string, a template or not."""
    return isinstance(value, Template) or (isinstance(value, Literal) and isinstance(value.value, str))
