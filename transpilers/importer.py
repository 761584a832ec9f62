"""What every importer gives: the workflows of one source, and what was found on the way."""

from __future__ import annotations

import msgspec

from core_compiler.diagnostics import Diagnostic
from core_compiler.ir import Workflow


class ImportedWorkflow(msgspec.Struct, frozen=True):
    """One workflow of the source by its id there; None where it was refused, with errors that say why."""

    id: str
    workflow: Workflow | None


class Imported(msgspec.Struct, frozen=True):
    """All workflows asked for, in the order of the source. One that is refused does not stop the others."""

    workflows: tuple[ImportedWorkflow, ...]
    diagnostics: tuple[Diagnostic, ...]
