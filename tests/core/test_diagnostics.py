"""Diagnostics: filled templates, one line a finding, kept once."""

import msgspec

from core_compiler.diagnostics import Rule, Severity, Sink, Span, to_text

RULE = Rule(code="SW999", severity=Severity.ERROR, title="t", message="{who} is off", hint="Turn {who} on.", why="w")


def test_a_finding_is_one_line_with_its_hint_below():
    sink = Sink()
    sink.report(RULE, Span("dag.py", 3, 5), subject="load", who="it")
    assert to_text(sink.diagnostics) == "dag.py:3:5: error[SW999] load: it is off\n    Turn it on.\n"
    assert sink.failed


def test_braces_in_values_are_not_templates():
    sink = Sink()
    assert sink.report(RULE, who="{{ ds }}").message == "{{ ds }} is off"


def test_the_same_finding_is_kept_once_and_a_note_does_not_fail():
    sink = Sink()
    note = msgspec.structs.replace(RULE, severity=Severity.NOTE)
    sink.report(note, who="a")
    sink.report(note, who="a")
    assert len(sink.diagnostics) == 1
    assert not sink.failed


def test_json_has_the_fixed_keys():
    sink = Sink()
    found = sink.report(RULE, Span("dag.py", 3), subject="load", who="it")
    assert list(msgspec.json.decode(msgspec.json.encode(found))) == [
        "code", "severity", "message", "path", "line", "column", "subject", "hint",
    ]  # fmt: skip
