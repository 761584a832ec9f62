"""What Luigi's configuration says, and the configuration itself without its secrets."""

# pyright: basic
# Luigi has types for a part of itself only.
from __future__ import annotations

import configparser
import io
import os
import re
from typing import Any

_SECRET = re.compile("password|passwd|secret|token|credential|api.?key|private.?key|access.?key", re.IGNORECASE)
_PLACES = ("luigi.cfg", "client.cfg")


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
    return found


def config() -> tuple[str, str, list[str]]:
    """The configuration file's path ("" for none), its text without secrets, and the names of those left out."""
    places = [os.environ.get("LUIGI_CONFIG_PATH", ""), *_PLACES]
    path = next((place for place in places if place and os.path.isfile(place) and place.endswith(".cfg")), "")
    if not path:
        return "", "", []
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # pyright: ignore[reportAttributeAccessIssue]
    parser.read(path, encoding="utf-8")
    left_out: list[str] = []
    for section in parser.sections():
        for name in list(parser[section]):
            if _SECRET.search(name):
                left_out.append(f"[{section}] {name}")
                del parser[section][name]
    text = io.StringIO()
    parser.write(text)
    return path, text.getvalue(), left_out
