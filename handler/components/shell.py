"""A command line run by bash, with the meaning of Airflow's BashOperator and its SubprocessHook.

Read from apache-airflow-providers-standard 1.21 (`operators/bash.py`, `hooks/subprocess.py`).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import NamedTuple, cast

from handler.deadline import Limit
from handler.dispatch import Call, resolve
from handler.errors import InvalidEvent, Skipped, TaskError, TimedOut
from handler.json_types import JsonObject

_GRACE_SECONDS = 0.5


class Command(NamedTuple):
    """The settings of a shell task, as `core_compiler.ir.Shell` names them.

    `processor`: a callable that makes the value, `module:qualified.name`.
    """

    command: str
    env: dict[str, str] | None
    append_env: bool
    cwd: str | None
    skip_exit_codes: tuple[int, ...]
    encoding: str
    processor: str


def run(call: Call) -> object:
    """Run the command and return the last line it printed, standard error included, without trailing space; or what
    the settings' `processor` makes of it."""
    return run_settings(call.config, call.kwargs, call.limit)


def run_settings(config: JsonObject, given: dict[str, object], limit: Limit) -> object:
    """The same; `given`: what was known only to a run, in the place of settings."""
    command = _parse({**config, **_dynamic(given)})
    with _folder(command.cwd) as folder:
        code, line = _run(command, folder, limit)
    if code in command.skip_exit_codes:
        raise Skipped(f"the command ended with exit code {code}, which means skipped")
    if code != 0:
        raise TaskError(f"the command ended with exit code {code}")
    return cast("Callable[[str], object]", resolve(command.processor))(line) if command.processor else line


def _dynamic(given: dict[str, object]) -> JsonObject:
    """What is known only to a run, of the right types; TaskError for one of a wrong type."""
    for name, value in given.items():
        if name == "env" and value is not None:
            items = cast("dict[object, object]", value) if isinstance(value, dict) else {0: 0}
            if not all(isinstance(item, str) for pair in items.items() for item in pair):
                raise TaskError("the environment is not a dict of strings")
        elif not (isinstance(value, str) or (value is None and name != "command")):
            raise TaskError(f"the {name} is not a string, but a {type(value).__name__}")
    return cast("JsonObject", given)


def _run(command: Command, folder: str, limit: Limit) -> tuple[int, str]:
    """The exit code and the last line; the command's process group does not outlive an error here."""
    process = subprocess.Popen(
        [shutil.which("bash") or "bash", "-c", command.command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=_environment(command),
        start_new_session=True,
    )
    limit.on_expiry = lambda: _end(process)
    line = ""
    try:
        with process.stdout or nullcontext([]) as output:
            for raw in output:
                line = raw.decode(command.encoding, errors="backslashreplace").rstrip()
                sys.stdout.write(f"{line}\n")
        return process.wait(), line
    finally:
        limit.on_expiry = None
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process group: ask first, as the source engine does, then kill."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS)
        os.killpg(process.pid, signal.SIGKILL)


def _environment(command: Command) -> dict[str, str]:
    inherited = dict(os.environ)
    if command.env is None:
        return inherited
    return {**inherited, **command.env} if command.append_env else command.env


def _folder(cwd: str | None) -> AbstractContextManager[str]:
    if cwd is None:
        return _scratch()
    if not os.path.exists(cwd):
        raise TaskError(f"cannot find the working folder {cwd}")
    if not os.path.isdir(cwd):
        raise TaskError(f"the working folder {cwd} is not a folder")
    return nullcontext(cwd)


@contextmanager
def _scratch() -> Generator[str]:
    from tempfile import TemporaryDirectory

    folder = TemporaryDirectory(prefix="stepweave-")
    try:
        yield folder.name
    finally:
        try:
            folder.cleanup()
        except OSError as error:
            # Where the end of the time comes just as a folder is closed, `shutil.rmtree` closes it again and fails.
            if isinstance(error.__context__, TimedOut):
                raise error.__context__ from None
            raise


def _parse(config: JsonObject) -> Command:
    command, env, cwd = config.get("command"), config.get("env"), config.get("cwd")
    codes, encoding = config.get("skip_exit_codes", []), config.get("encoding", "utf-8")
    if not isinstance(command, str):
        raise InvalidEvent(f"component_config.command: a string is expected, not {command!r}")
    if env is not None and not (isinstance(env, dict) and all(isinstance(value, str) for value in env.values())):
        raise InvalidEvent("component_config.env: an object of strings is expected")
    if not isinstance(codes, list) or not all(isinstance(code, int) for code in codes):
        raise InvalidEvent(f"component_config.skip_exit_codes: a list of whole numbers is expected, not {codes!r}")
    processor = config.get("processor", "")
    if not isinstance(cwd, str | None) or not isinstance(encoding, str) or not isinstance(processor, str):
        raise InvalidEvent("component_config: cwd, encoding and processor have to be strings")
    return Command(
        command=command,
        env=cast("dict[str, str] | None", env),
        append_env=config.get("append_env") is True,
        cwd=cwd,
        skip_exit_codes=tuple(cast("list[int]", codes)),
        encoding=encoding,
        processor=processor,
    )
