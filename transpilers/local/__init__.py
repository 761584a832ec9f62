"""The embedded engine: a machine runs on this computer, with the real handler, before anything is deployed.

Importing this package needs neither moto nor boto3; running does.
"""

from transpilers.local.results import task_logs
from transpilers.local.run import OnEvent, RunResult, run_bundle

__all__ = ["OnEvent", "RunResult", "run_bundle", "task_logs"]
