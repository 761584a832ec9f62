"""Where a bundle's handler runs: in worker processes, or in this one."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from handler.binary import KEY_VARIABLE
from transpilers.local.account import REGION
from transpilers.local.functions import Function, InProcess, WorkerPool
from transpilers.local.signing import local_key
from transpilers.local.tokens import send_task_success

if TYPE_CHECKING:
    from transpilers.local.bundle import Bundle
    from transpilers.local.engine import LocalEngine
    from transpilers.local.options import Options

STORE, LOGS, USER = "STEPWEAVE_STORE", "STEPWEAVE_LOGS", "STEPWEAVE_USER"


class Hosted(msgspec.Struct, frozen=True):
    """A function, and what it needs done once the engine is open."""

    function: Function
    prepare: Callable[[LocalEngine], None]


@contextmanager
def workers(bundle: Bundle, options: Options) -> Generator[Hosted]:
    """Killable processes, in the user's own environment: a store on S3 is the real one."""
    base = os.environ if options.environment is None else options.environment
    environment = {
        "AWS_DEFAULT_REGION": REGION,
        **base,
        "AWS_LAMBDA_FUNCTION_NAME": bundle.name,
        "LAMBDA_TASK_ROOT": str(bundle.code.resolve()),
        STORE: options.store,
        LOGS: "store",
    }
    if bundle.pickles and not environment.get(KEY_VARIABLE):
        environment[KEY_VARIABLE] = local_key()
    pool = WorkerPool(
        bundle.code,
        "handler.app.lambda_handler",
        environment=environment,
        timeout=options.lambda_timeout,
        concurrency=options.concurrency,
        output=options.output,
        send_task_success=send_task_success,
    )
    try:
        yield Hosted(pool, lambda _: None)
    finally:
        pool.close()


@contextmanager
def in_process(bundle: Bundle, options: Options) -> Generator[Hosted]:
    """Threads of this process; a store on S3 is the engine's own, its bucket made."""
    from handler.app import lambda_handler

    def make_bucket(engine: LocalEngine) -> None:
        url = urlsplit(options.store)
        if url.scheme == "s3":
            engine.client("s3").create_bucket(Bucket=url.netloc)

    settings = {STORE: options.store, LOGS: "store", USER: str(bundle.code.resolve() / "user")}
    with _environment(settings):
        yield Hosted(InProcess(lambda_handler, options.lambda_timeout), make_bucket)


@contextmanager
def _environment(settings: Mapping[str, str]) -> Generator[None]:
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
