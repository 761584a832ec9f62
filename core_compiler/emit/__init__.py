"""From plan to machine: names, events, states, and what it will cost."""

from core_compiler.asl.expressions import HANDLER
from core_compiler.emit.machine import Emitted, emit
from core_compiler.emit.names import machine_name
from core_compiler.emit.predict import Prediction, predict

__all__ = ["HANDLER", "Emitted", "Prediction", "emit", "machine_name", "predict"]
