"""From a task's component and findings to its verdict: the same findings that a compilation would report."""

from __future__ import annotations

from collections.abc import Sequence

from core_compiler.diagnostics import Diagnostic, Severity
from core_compiler.ir import Component
from transpilers.audit.report import TaskReport, Verdict

#: What each kind of component becomes, by the name of its class: kinds that are not here run in the Lambda.
NATIVE = {
    "Native": "a call that Step Functions makes itself",
    "Launch": "the execution of another machine",
    "Poll": "a loop of Wait and a check",
}
LAMBDA = {
    "PythonCallable": "a Python function in the Lambda",
    "Shell": "a shell command in the Lambda",
    "Wait": "a Wait state between two looks of the Lambda",
    "NoOp": "a record in the Lambda: it runs nothing",
}
CONTAINER = {"SourceOperator": "the operator itself, in an image with Airflow"}
#: Operators whose whole work is done by Airflow itself, by a part of the name of their class.
INSIDE_AIRFLOW = ("HITL", "Approval")


def task_report(
    task: str, operator: str, line: int, component: Component | None, found: Sequence[Diagnostic]
) -> TaskReport:
    """The verdict on one task. `component` is None where lowering refused it; `found`: the errors that stand."""
    errors = [one for one in found if one.severity is Severity.ERROR]
    if errors:
        first = errors[0]
        inside = any(part in operator for part in INSIDE_AIRFLOW)
        verdict = Verdict.IMPOSSIBLE if inside else Verdict.MANUAL
        return TaskReport(task, operator, verdict, first.message, first.code, first.line or line, first.hint)
    kind = type(component).__name__ if component is not None else ""
    if kind in NATIVE:
        return TaskReport(task, operator, Verdict.NATIVE, NATIVE[kind], line=line)
    if kind in CONTAINER:
        return TaskReport(task, operator, Verdict.CONTAINER, CONTAINER[kind], line=line)
    reason = LAMBDA.get(kind, "in the Lambda") if kind else "what stands against it is ignored"
    return TaskReport(task, operator, Verdict.LAMBDA, reason, line=line)
