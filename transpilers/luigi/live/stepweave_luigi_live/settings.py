"""What Luigi's configuration says of worker and scheduler."""

# pyright: basic
# Luigi has types for a part of itself only.
from __future__ import annotations

from typing import Any


def settings() -> dict[str, Any]:
    """The settings of worker and scheduler, as the wire has them."""
    import luigi.interface
    import luigi.scheduler
    import luigi.worker

    worker, scheduler = luigi.worker.worker(), luigi.scheduler.scheduler()
    found: dict[str, Any] = {
        "retry_delay": scheduler.retry_delay,
        "worker_timeout": worker.timeout,
        "keep_alive": worker.keep_alive,
        "retry_external_tasks": worker.retry_external_tasks,
        "check_unfulfilled_deps": worker.check_unfulfilled_deps,
        "check_complete_on_run": worker.check_complete_on_run,
        "workers": luigi.interface.core().workers,
        "resources": luigi.configuration.get_config().getintdict("resources"),
    }
    default = 999999999
    if scheduler.retry_count != default:
        found["retry_count"] = scheduler.retry_count
    found["ignored"] = [
        *_changed(worker, "worker", ("task_limit", "task_process_context", "max_keep_alive_idle_duration")),
        *_changed(scheduler, "scheduler", ("disable_hard_timeout", "disable_persist", "batch_emails")),
    ]
    if luigi.configuration.get_config().get("email", "receiver", ""):
        found["ignored"].append("[email] receiver")
    return found


def _changed(config: Any, section: str, names: tuple[str, ...]) -> list[str]:
    """Those settings that are not what they would be without a configuration; not every version of Luigi has all."""
    parameters = dict(config.get_params())
    known = [name for name in names if name in parameters]
    return [f"[{section}] {name}" for name in known if getattr(config, name) != parameters[name]._default]
