"""JSONata 2.0.6, the version Step Functions evaluates: is an expression well formed, and what does it read."""

from core_compiler.asl.jsonata.functions import FUNCTIONS
from core_compiler.asl.jsonata.reader import Reads, read
from core_compiler.asl.jsonata.tokens import JsonataSyntaxError

__all__ = ["FUNCTIONS", "JsonataSyntaxError", "Reads", "read"]
