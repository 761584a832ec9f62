"""Secrets that a task has read, kept out of logs, records and errors: each is replaced by `***`.

Which values are secret: passwords of connections, and what is named like one, by the rules of Airflow's secrets masker
(`sdk/_shared/secrets_masker`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

STARS = "***"
SHORTEST = 5
NOT_SECRET = frozenset({"airflow"})
SENSITIVE = (
    "access_key",
    "access_token",
    "api_key",
    "apikey",
    "auth_header",
    "authorization",
    "bearer",
    "connection_string",
    "dsn",
    "passphrase",
    "passwd",
    "password",
    "private_key",
    "proxy",
    "proxies",
    "secret",
    "service_account",
    "service_key",
    "token",
    "keyfile_dict",
    "webhook_url",
)

_known: set[str] = set()


def mask(secret: str) -> None:
    """Keep a text out of everything written from now on; one of fewer than five characters would mask too much."""
    from urllib.parse import quote

    # Logs are masked line by line, and a repr shows line feeds as escapes.
    lines = secret.splitlines()
    for form in {secret, *lines, repr(secret)[1:-1], quote(secret, safe="")}:
        if len(form) >= SHORTEST and form.lower() not in NOT_SECRET:
            _known.add(form)


def mask_named(name: str, value: object) -> None:
    """Mask what a value holds under names of secrets; a text or the items of a list go by the name of the whole."""
    match value:
        case str() if sensitive(name):
            mask(value)
        case dict():
            for key, item in cast("dict[object, object]", value).items():
                mask_named(str(key), item)
        case list() | tuple():
            for item in cast("Iterable[object]", value):
                mask_named(name, item)
        case _:
            return


def sensitive(name: str) -> bool:
    """Whether something of this name is a secret."""
    plain = "".join(letter if letter.isalnum() or letter == "_" else "_" for letter in name.strip().lower())
    return any(word in plain for word in SENSITIVE)


def masked(text: str) -> str:
    """The text without any known secret; the longest first, so that none shows in the rest of another."""
    if not _known:
        return text
    for secret in sorted(_known, key=len, reverse=True):
        if secret in text:
            text = text.replace(secret, STARS)
    return text
