"""What went wrong, as `call.LoadFault`: one line, with the place in the user's file."""

from __future__ import annotations

import traceback
from types import CodeType
from typing import Any

from .fabricated import inside, plain

LONGEST = 300


class NotPythonError(Exception):
    """The file does not compile. `place`: line and column, 0 where unknown."""

    place: tuple[int, int] = (0, 0)


def compiled(source: bytes, path: str) -> CodeType:
    """The file's code; NotPythonError where it has none."""
    try:
        return compile(source, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        refused = NotPythonError(error.msg)
        refused.place = (error.lineno or 0, error.offset or 0)
        raise refused from error
    except ValueError as error:
        raise NotPythonError(str(error)) from error


def fault(error: BaseException, path: str, shown: str) -> dict[str, Any]:
    """An exception that left the file."""
    if isinstance(error, NotPythonError):
        return _fault("syntax", one_line(str(error)), _span(shown, *error.place))
    lines = _lines(error, path)
    where = _span(shown, lines[-1] if lines else 0)
    if isinstance(error, ImportError):
        return _fault("import", one_line(error), where)
    if name := inside(str(error)):
        return _fault("decides", one_line(plain(f"an id or a value depends on {name}: {error}")), where)
    last = traceback.extract_tb(error.__traceback__)[-1:]
    if last and last[0].name in ("validate_key", "validate_group_key"):
        return _fault("name", one_line(str(error)), where)
    return _fault("raises", one_line(error), where)


def invalid(error: Exception, dag_id: str, span: dict[str, Any] | None) -> dict[str, Any]:
    """A DAG that Airflow itself refuses once the file is read."""
    return {**_fault("raises", one_line(error), span), "dag_id": dag_id}


def duplicate(dag_id: str, first: dict[str, Any] | None, span: dict[str, Any] | None) -> dict[str, Any]:
    """A second DAG of one id."""
    before = f"line {first['line']}" if first else "elsewhere"
    return {**_fault("duplicate", before, span), "dag_id": dag_id}


def no_dag(shown: str) -> dict[str, Any]:
    """A file that makes no DAG."""
    return _fault("no_dag", "", _span(shown))


def no_airflow(version: str) -> dict[str, Any]:
    """No Airflow that is supported. `version`: that of another, "" for none, "!" and an error for a broken one."""
    sort = "no_airflow" if not version else "broken_airflow" if version.startswith("!") else "version"
    return _fault(sort, version.removeprefix("!"), None)


def one_line(error: BaseException | str) -> str:
    """The error's class and message on one line of a bounded length."""
    text = (
        error if isinstance(error, str) else f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    )
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def _fault(sort: str, message: str, span: dict[str, Any] | None) -> dict[str, Any]:
    return {"sort": sort, "message": message, **({"span": span} if span else {})}


def _span(shown: str, line: int = 0, column: int = 0) -> dict[str, Any]:
    return {"path": shown, "line": line, "column": column}


def _lines(error: BaseException, path: str) -> list[int]:
    """The lines of the user's file that the error went through, innermost last."""
    return [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
