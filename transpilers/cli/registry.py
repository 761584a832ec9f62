"""Every rule there is, gathered from the packages that report them: for `explain` and the documentation."""

from __future__ import annotations

from core_compiler.asl.lint import rules as lint_rules
from core_compiler.bundle import rules as bundle_rules
from core_compiler.diagnostics import Rule
from core_compiler.emit import rules as emit_rules
from core_compiler.ir import rules as ir_rules
from core_compiler.plan import rules as plan_rules
from transpilers.airflow import mapping_rules as airflow_mapping_rules
from transpilers.airflow import own_rules as airflow_own_rules
from transpilers.airflow import rules as airflow_rules
from transpilers.airflow import task_rules as airflow_task_rules
from transpilers.audit import rules as audit_rules
from transpilers.cli import rules as cli_rules
from transpilers.code import rules as code_rules
from transpilers.dask import rules as dask_rules
from transpilers.durations import rules as durations_rules
from transpilers.graph import rules as graph_rules
from transpilers.ir import rules as neutral_rules
from transpilers.local import rules as local_rules
from transpilers.luigi import rules as luigi_rules
from transpilers.verify import rules as verify_rules

SOURCES = (
    ir_rules,
    plan_rules,
    bundle_rules,
    emit_rules,
    lint_rules,
    airflow_rules,
    luigi_rules,
    airflow_mapping_rules,
    airflow_own_rules,
    airflow_task_rules,
    code_rules,
    neutral_rules,
    dask_rules,
    local_rules,
    verify_rules,
    graph_rules,
    audit_rules,
    durations_rules,
    cli_rules,
)


def all_rules() -> dict[str, Rule]:
    """Rules by code, in the order of the codes."""
    found = [rule for source in SOURCES for rule in source.RULES]
    return {rule.code: rule for rule in sorted(found, key=lambda rule: rule.code)}
