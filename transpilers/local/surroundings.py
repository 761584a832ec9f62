"""What an engine changes in its process, and puts back: environment, default session, moto's logging."""

from __future__ import annotations

import importlib.metadata
import logging
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager

from transpilers.local.account import REGION

#: The versions the corrections are written against.
PINNED = {"moto": "5.2.5", "jsonata-python": "0.7.1"}

#: Set by a person for real AWS; inside the engine they would send calls elsewhere, or need a profile that is not there.
FOREIGN = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_SESSION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_CA_BUNDLE",
)
FAKES = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


class EngineMissingError(Exception):
    """A package the engine needs is not there, or in a version the corrections do not fit."""

    def __init__(self, package: str, version: str, found: str) -> None:
        super().__init__(f"the local engine needs {package} {version}; {found}")
        self.package, self.version, self.found = package, version, found


def check_versions() -> None:
    """Raises EngineMissingError unless every pinned package is there in its version."""
    for package, version in PINNED.items():
        try:
            installed = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            raise EngineMissingError(package, version, "it is not installed") from None
        if installed != version:
            raise EngineMissingError(package, version, f"{installed} is installed")


@contextmanager
def local_environment() -> Generator[Mapping[str, str]]:
    """Fake credentials instead of the user's, for the time being. Yields the environment as it was before."""
    before = dict(os.environ)
    endpoints = [name for name in before if name.startswith("AWS_ENDPOINT_URL")]
    for name in (*FOREIGN, *endpoints):
        os.environ.pop(name, None)
    os.environ.update(FAKES)
    try:
        yield before
    finally:
        for name in {*FOREIGN, *endpoints, *FAKES}:
            if name in before:
                os.environ[name] = before[name]
            else:
                os.environ.pop(name, None)


@contextmanager
def quiet_interpreter() -> Generator[None]:
    """moto logs every caught error of a machine with its whole syntax tree; the history says it better."""
    logger = logging.getLogger("moto.stepfunctions")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
