"""Diagnostics as SARIF 2.1.0, which code hosts and editors show at the lines concerned.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, errata 01.
"""

from __future__ import annotations

import hashlib
import os.path
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from urllib.parse import quote

from core_compiler.diagnostics.diagnostic import Diagnostic
from core_compiler.diagnostics.rule import Rule, Severity
from core_compiler.diagnostics.template import readable

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "SRCROOT"
_LEVELS: Mapping[Severity, str] = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}

Json = dict[str, object]


def to_sarif(
    diagnostics: Iterable[Diagnostic],
    rules: Mapping[str, Rule],
    tool_version: str,
    *,
    root: PurePath | None = None,
    suppressed: Mapping[Diagnostic, str] | None = None,
) -> Json:
    """One run of stepweave as a SARIF log: its findings, and the rules among `rules` (by code) that they follow.

    URIs are relative to `root`, an absolute folder, for files below it; without `root`, relative paths stay as they
    are. A finding's fingerprint holds where lines move: it is made of code, file, subject and message, and counts
    findings that share these. `suppressed`: findings that a comment in their file puts aside, with its reason.
    """
    found = list(diagnostics)
    used = [rules[code] for code in sorted({one.code for one in found} & set(rules))]
    index = {rule.code: number for number, rule in enumerate(used)}
    seen: Counter[str] = Counter()
    run: Json = {
        "tool": {
            "driver": {
                "name": "stepweave",
                "version": tool_version,
                "rules": [_rule(rule) for rule in used],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, index, root, seen) | _suppression(one, suppressed or {}) for one in found],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> Json:
    hint = readable(rule.hint)
    return {
        "id": rule.code,
        "shortDescription": {"text": _plain(rule.title)},
        "fullDescription": {"text": _plain(rule.why)},
        "help": {"text": _plain(f"{rule.why}\n\n{hint}" if hint else rule.why)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(found: Diagnostic, index: Mapping[str, int], root: PurePath | None, seen: Counter[str]) -> Json:
    uri = _uri(found.path, root) if found.path else ""
    subject = f"{found.subject}: " if found.subject else ""
    hint = f"\n{found.hint}" if found.hint else ""
    result: Json = {
        "ruleId": found.code,
        "level": _LEVELS[found.severity],
        "message": {"text": _plain(f"{subject}{found.message}{hint}")},
        "partialFingerprints": {"finding/v1": _fingerprint(found, uri, seen)},
    }
    if found.code in index:
        result["ruleIndex"] = index[found.code]
    location = _location(found, uri)
    return result | {"locations": [location]} if location else result


def _suppression(found: Diagnostic, suppressed: Mapping[Diagnostic, str]) -> Json:
    if found not in suppressed:
        return {}
    return {"suppressions": [{"kind": "inSource", "justification": _plain(suppressed[found])}]}


def _location(found: Diagnostic, uri: str) -> Json:
    location: Json = {}
    if uri:
        artifact: Json = {"uri": uri} if uri.startswith("file:") else {"uri": uri, "uriBaseId": _ROOT}
        physical: Json = {"artifactLocation": artifact}
        if found.line:
            physical["region"] = {"startLine": found.line} | ({"startColumn": found.column} if found.column else {})
        location["physicalLocation"] = physical
    if found.subject:
        location["logicalLocations"] = [{"fullyQualifiedName": found.subject}]
    return location


def _fingerprint(found: Diagnostic, uri: str, seen: Counter[str]) -> str:
    said = "\x00".join((found.code, uri, found.subject, found.message))
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    seen[digest] += 1
    return f"{digest}:{seen[digest]}"


def _uri(path: str, root: PurePath | None) -> str:
    """A relative reference without `..` where the file is below `root`, else an absolute URI."""
    if root is None and not PurePath(path).is_absolute():
        return quote(PurePath(path).as_posix())
    whole = PurePath(os.path.normpath(root / path if root else path))
    if root is not None and whole.is_relative_to(root):
        return quote(whole.relative_to(root).as_posix())
    return Path(whole).as_uri()


def _plain(text: str) -> str:
    """Braces are doubled: single ones are placeholders (section 3.11.5)."""
    return text.replace("{", "{{").replace("}", "}}")
