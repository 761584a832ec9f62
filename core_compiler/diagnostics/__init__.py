"""Findings as data: rules, diagnostics with a place, the sink that collects them, and their renderers."""

from core_compiler.diagnostics.diagnostic import Diagnostic, Span
from core_compiler.diagnostics.render import to_text
from core_compiler.diagnostics.rule import Rule, Severity
from core_compiler.diagnostics.sarif import to_sarif
from core_compiler.diagnostics.sink import Sink
from core_compiler.diagnostics.template import readable

__all__ = ["Diagnostic", "Rule", "Severity", "Sink", "Span", "readable", "to_sarif", "to_text"]
