"""What happens to a workflow between importer and plan, in order."""

from core_compiler.passes.check import check
from core_compiler.passes.gate import gate
from core_compiler.passes.pipeline import BrokenPass, Pass, no_collection, run_passes
from core_compiler.passes.reduce import reduce

PASSES = (
    Pass("check", check),
    Pass("gate", gate),
    Pass("reduce", reduce),
)

__all__ = ["PASSES", "BrokenPass", "Pass", "no_collection", "run_passes"]
