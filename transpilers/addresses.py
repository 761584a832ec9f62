"""Addresses of stores and databases, as they may be shown."""

from __future__ import annotations


def without_password(url: str) -> str:
    """The URL without its user, password and query; the same of one that is mistyped.

    What stands before the last `@` is left out wherever slashes are: one is soon forgotten, and passwords have them.
    Files have no password, and their paths may have an `@`.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        scheme, rest = "", url
    file = separator and scheme.partition("+")[0] in ("file", "sqlite")
    shown = rest if file else rest.rpartition("@")[2]
    return f"{scheme}{separator}{shown.partition('?')[0]}"
