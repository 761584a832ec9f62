"""What answers `lambda:invoke`: a callable in this process, or warm worker processes that can be killed."""

from transpilers.local.functions.in_process import InProcess
from transpilers.local.functions.invocation import Function, Invocation, Response
from transpilers.local.functions.worker_pool import WorkerPool

__all__ = ["Function", "InProcess", "Invocation", "Response", "WorkerPool"]
