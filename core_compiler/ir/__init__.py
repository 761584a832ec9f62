"""The neutral intermediate representation and its verification."""

from core_compiler.ir.arguments import RETURN_VALUE, Argument, DictOf, ListOf, Literal, Output, TupleOf, outputs
from core_compiler.ir.components import Calendar, Component, Constant, NoOp, PickledCalls, PythonCallable, Shell
from core_compiler.ir.decisions import Branch, Decision, Gate, GateKind, ShortCircuit
from core_compiler.ir.workflow import (
    EARLY_RULES,
    Blob,
    Edge,
    EdgeKind,
    FailurePolicy,
    Group,
    Retry,
    Source,
    SourceFile,
    Task,
    TriggerRule,
    Workflow,
)

__all__ = [
    "EARLY_RULES",
    "RETURN_VALUE",
    "Argument",
    "Blob",
    "Branch",
    "Calendar",
    "Component",
    "Constant",
    "Decision",
    "DictOf",
    "Edge",
    "EdgeKind",
    "FailurePolicy",
    "Gate",
    "GateKind",
    "Group",
    "ListOf",
    "Literal",
    "NoOp",
    "Output",
    "PickledCalls",
    "PythonCallable",
    "Retry",
    "Shell",
    "ShortCircuit",
    "Source",
    "SourceFile",
    "Task",
    "TriggerRule",
    "TupleOf",
    "Workflow",
    "outputs",
]
