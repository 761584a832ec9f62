"""What a loader could not read, as diagnostics."""

from __future__ import annotations

from core_compiler.diagnostics import Sink, Span
from transpilers.airflow import rules
from transpilers.airflow.call import LoadFault

#: Rules whose one value is the fault's message, and the name it goes by.
REASONS = {
    "syntax": (rules.NOT_PYTHON, "reason"),
    "raises": (rules.RAISES, "reason"),
    "import": (rules.IMPORT_FAILS, "reason"),
    "name": (rules.BAD_ID, "reason"),
    "interpreter": (rules.INTERPRETER, "reason"),
    "time": (rules.TIME_LIMIT, "seconds"),
    "no_dag": (rules.NO_DAG, "reason"),
    "unresolved": (rules.UNRESOLVED, "reason"),
    "decides": (rules.FABRICATED_DECIDES, "reason"),
    "network": (rules.STUB_NETWORK, "reason"),
    "fabricated": (rules.FABRICATED, "modules"),
}
ENVIRONMENTS = {
    "no_airflow": rules.NO_AIRFLOW,
    "version": rules.AIRFLOW_VERSION,
    "broken_airflow": rules.BROKEN_AIRFLOW,
}


def report(fault: LoadFault, path: str, python: str, sink: Sink) -> None:
    """File one fault of the file at `path`, read by the interpreter `python`."""
    span = fault.span or Span(path)
    if fault.sort in ENVIRONMENTS:
        rule = ENVIRONMENTS[fault.sort]
        sink.report(rule, span, python=python, version=fault.message, reason=fault.message)
    elif fault.sort == "duplicate":
        sink.report(rules.DUPLICATE_DAG, span, subject=fault.dag_id, dag_id=fault.dag_id, first=fault.message)
    else:
        rule, name = REASONS[fault.sort]
        sink.report(rule, span, subject=fault.dag_id, **{name: fault.message})
