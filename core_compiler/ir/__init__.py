"""The neutral intermediate representation and its verification."""

from core_compiler.ir.arguments import RETURN_VALUE, Argument, DictOf, ListOf, Literal, Output, TupleOf, outputs
from core_compiler.ir.components import Component, NoOp, PythonCallable, Shell
from core_compiler.ir.workflow import (
    EARLY_RULES,
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
    "Component",
    "DictOf",
    "Edge",
    "EdgeKind",
    "FailurePolicy",
    "Group",
    "ListOf",
    "Literal",
    "NoOp",
    "Output",
    "PythonCallable",
    "Retry",
    "Shell",
    "Source",
    "SourceFile",
    "Task",
    "TriggerRule",
    "TupleOf",
    "Workflow",
    "outputs",
]
