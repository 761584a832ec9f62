"""A Map has the fields of its mode."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.asl.lint.model import Finding, Json, Machine, finding, kind_of, mapping
from core_compiler.diagnostics import Rule, Severity

MAP_MODE = Rule(
    code="SW228",
    severity=Severity.ERROR,
    title="A Map has fields that its mode does not have",
    message="{place} {fault}",
    hint='Set ProcessorConfig to {{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}, or remove the field.',
    why=(
        "An inline Map runs its iterations inside the execution. Reading items from S3, batching, writing results "
        "and tolerating failures belong to distributed Maps, which need an ExecutionType for their children."
    ),
)
_DISTRIBUTED_ONLY = frozenset(
    {"ItemReader", "ItemBatcher", "ResultWriter", "ToleratedFailureCount", "ToleratedFailurePercentage", "Label"}
)
_EXECUTION_TYPES = ("STANDARD", "EXPRESS")


def map_mode(machine: Machine) -> Iterator[Finding]:
    """Compare the mode of each Map with its fields."""
    for scope, name, state in machine.states():
        if kind_of(state) == "Map":
            for place, fault in _faults(state):
                yield finding(MAP_MODE, scope.subject(name), place=place, fault=fault)


def _faults(state: Json) -> Iterator[tuple[str, str]]:
    config = mapping(mapping(state.get("ItemProcessor")).get("ProcessorConfig"))
    mode = config.get("Mode", "INLINE")
    match mode:
        case "INLINE":
            for field in sorted(state.keys() & _DISTRIBUTED_ONLY):
                yield field, "is for distributed Maps only"
            if "ExecutionType" in config:
                yield "ProcessorConfig.ExecutionType", "is for distributed Maps only"
        case "DISTRIBUTED":
            if config.get("ExecutionType") not in _EXECUTION_TYPES:
                yield "ProcessorConfig.ExecutionType", "has to be STANDARD or EXPRESS"
            if "ItemReader" in state and "Items" in state:
                yield "Items", "cannot stand beside ItemReader"
        case _:
            yield "ProcessorConfig.Mode", f"is {mode!r}, but must be INLINE or DISTRIBUTED"
