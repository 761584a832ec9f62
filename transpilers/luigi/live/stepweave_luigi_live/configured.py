"""Luigi's configuration as it ships: all files that Luigi has read, in its order, without what looks like a secret."""

# pyright: basic
# Luigi has types for a part of itself only.
from __future__ import annotations

import configparser
import io
import os
import re
from typing import Any, NamedTuple

SECRET = re.compile("password|passwd|secret|token|credential|api.?key|private.?key|access.?key", re.IGNORECASE)
#: A URL with a password in it.
_SECRET_VALUE = re.compile(r"://[^/\s:@]*:[^/\s@]+@")


class Configured(NamedTuple):
    """The name under which it ships ("" for no configuration), the files it is made of, and what was left out."""

    name: str = ""
    paths: tuple[str, ...] = ()
    text: str = ""
    left_out: tuple[str, ...] = ()


def configured() -> Configured:
    """The configuration of the parser that LUIGI_CONFIG_PARSER names, as Luigi chooses it."""
    from luigi.configuration import get_config
    from luigi.configuration.toml_parser import LuigiTomlParser

    parser = get_config()
    paths = tuple(dict.fromkeys(path for path in parser._config_paths if os.path.isfile(path)))
    if not paths:
        return Configured()
    if isinstance(parser, LuigiTomlParser):
        return Configured("luigi.toml", paths, *_toml(paths))
    return Configured("luigi.cfg", paths, *_cfg(paths))


def _cfg(paths: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # pyright: ignore[reportAttributeAccessIssue]
    parser.read(paths, encoding="utf-8")
    left_out: list[str] = []
    for section in (parser.default_section, *parser.sections()):
        own = parser.defaults() if section == parser.default_section else parser._sections[section]  # pyright: ignore
        for name in [name for name, value in own.items() if _is_secret(name, value)]:
            left_out.append(f"[{section}] {name}")
            parser.remove_option(section, name)
    text = io.StringIO()
    parser.write(text)
    return text.getvalue(), tuple(left_out)


def _toml(paths: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    import toml  # pyright: ignore

    merged: dict[str, dict[str, Any]] = {}
    for path in paths:
        for section, content in toml.load(path).items():
            merged.setdefault(section, {}).update(content)
    left_out: list[str] = []
    for section, content in merged.items():
        _clean(content, f"[{section}]", left_out)
    return toml.dumps(merged), tuple(left_out)


def _clean(content: dict[str, Any], where: str, left_out: list[str]) -> None:
    for name, value in list(content.items()):
        if _is_secret(name, value):
            left_out.append(f"{where} {name}")
            del content[name]
        elif isinstance(value, dict):
            _clean(value, f"{where} {name}", left_out)


def _is_secret(name: str, value: object) -> bool:
    return bool(SECRET.search(name) or (isinstance(value, str) and _SECRET_VALUE.search(value)))
