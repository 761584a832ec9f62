"""The user's code of judged DAGs in this process: `judge_work` as the compiler ships it, and bash without a process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, cast
from unittest.mock import patch

import handler.components.shell
import transpilers.airflow.taking
import transpilers.airflow.variables
from core_compiler.diagnostics import Sink
from handler.errors import Skipped, TaskError
from transpilers.airflow.variables import strings
from transpilers.code import CodeRequest, TakenOut, take_out_all

if TYPE_CHECKING:
    from handler.dispatch import Call

MODULE = "judge_work"
_taken: dict[tuple[object, ...], list[TakenOut | None]] = {}


@contextmanager
def shipped(text: str, tries: Callable[[str], int]) -> Generator[None]:
    """Inside, the handler finds `text` as the module; `tries` tells a task's try, which it keeps in files elsewhere."""
    module = _module(text)
    with (
        patch.dict(sys.modules, {MODULE: module}),
        patch.object(module, "count", tries, create=True),
        patch.object(handler.components.shell, "run", run_shell),
    ):
        yield


def run_shell(call: Call) -> str:
    """`exit N`, as bash would end."""
    command = str(call.config["command"])
    code = int(command.removeprefix("exit "))
    if code in cast("list[int]", call.config.get("skip_exit_codes", [])):
        raise Skipped(command)
    if code:
        raise TaskError(command)
    return ""


@contextmanager
def code_taken_once() -> Generator[None]:
    """Inside, what was taken out before is not taken out again: thousands of DAGs call the same few functions."""
    with (
        patch.object(transpilers.airflow.taking, "take_out_all", _take_out),
        patch.object(transpilers.airflow.variables, "strings", _looked),
    ):
        yield


def _take_out(requests: Sequence[CodeRequest], sink: Sink) -> list[TakenOut | None]:
    distinct = {_key(request): request for request in requests}
    key = tuple(sorted(distinct))
    if key not in _taken:
        own = Sink()
        _taken[key] = take_out_all([distinct[name] for name in key], own)
        assert not own.failed
    found = dict(zip(key, _taken[key], strict=True))
    return [found[_key(request)] for request in requests]


def _key(request: CodeRequest) -> str:
    return f"{request.path}:{request.qualname}:{request.line}"


_looked = lru_cache(strings)
_modules: dict[str, ModuleType] = {}


def _module(text: str) -> ModuleType:
    if text not in _modules:
        module = ModuleType(MODULE)
        exec(compile(text, f"{MODULE}.py", "exec"), module.__dict__)
        _modules[text] = module
    return _modules[text]
