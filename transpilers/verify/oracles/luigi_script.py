"""Runs a task tree by Luigi itself (`luigi.build`, local scheduler, one worker) and writes what became of it.

    PYTHON luigi_script.py REQUEST

REQUEST is JSON: `arguments` as for the importer, `folder` (the user's working folder, from which modules are imported),
`work` and `root` (where relative and absolute local paths lead), `seed` (None: random numbers are left alone), `out`.
Standard library and luigi alone.
"""

import importlib
import json
import os
import random
import sys
import threading


def main(request):
    with open(request) as file:
        asked = json.load(file)
    kind = "toml" if os.environ.get("LUIGI_CONFIG_PARSER") == "toml" else "cfg"
    config = os.path.join(asked["folder"], os.environ.get("LUIGI_CONFIG_PATH", f"luigi.{kind}"))
    if os.path.exists(config):
        os.environ["LUIGI_CONFIG_PATH"] = config
    sys.path.insert(0, asked["folder"])
    os.chdir(asked["work"])
    lead(asked["root"])
    answer = judge(asked)
    with open(asked["out"], "w") as file:
        json.dump(answer, file)
    sys.stdout.flush()
    os._exit(0)


def lead(root):
    """Let absolute paths of local targets lead below `root`."""
    from luigi.local_target import LocalTarget

    def path(target):
        raw = target.__dict__["_raw"]
        return os.path.join(root, raw.lstrip("/")) if os.path.isabs(raw) else raw

    def set_path(target, raw):
        target.__dict__["_raw"] = "/" + os.path.relpath(raw, root) if raw.startswith(root) else raw

    LocalTarget.path = property(path, set_path)
    LocalTarget.__str__ = lambda target: target.__dict__["_raw"]


def judge(asked):
    import luigi
    import luigi.interface
    from luigi.cmdline_parser import CmdlineParser

    runs = {}
    lock = threading.Lock()

    def started(task):
        with lock:
            runs[task.task_id] = runs.get(task.task_id, 0) + 1
        if asked["seed"] is not None:
            random.seed(f"{asked['seed']}{task.task_id}")

    luigi.Task.event_handler(luigi.Event.START)(started)
    made = {}

    class Factory(luigi.interface._WorkerSchedulerFactory):
        def create_local_scheduler(self):
            made["scheduler"] = luigi.scheduler.Scheduler(
                prune_on_get_work=True, record_task_history=False, **retry_policy(asked["retries"])
            )
            return made["scheduler"]

        def create_worker(self, scheduler, worker_processes, assistant=False):
            settings = {"wait_interval": 0.05, "wait_jitter": 0.0}
            if asked["retries"]:
                settings.update(keep_alive=True, count_last_scheduled=True)
            return luigi.worker.Worker(scheduler=scheduler, worker_processes=1, **settings)

    module, _, factory = asked["arguments"][0].partition(":")
    options = {"local_scheduler": True, "detailed_summary": True, "log_level": "WARNING"}
    if factory:
        found = importlib.import_module(module)
        for name in factory.split("."):
            found = getattr(found, name)
        roots = luigi.task.flatten(found())
        luigi.build(roots, worker_scheduler_factory=Factory(), **options)
    else:
        with CmdlineParser.global_instance([*asked["arguments"][1:], "--module", module]) as parser:
            roots = [parser.get_task_obj()]
            luigi.build(roots, worker_scheduler_factory=Factory(), **options)
    tasks = made["scheduler"].task_list("", "", limit=False)
    return {
        "tasks": {name: found["status"] for name, found in tasks.items()},
        "runs": runs,
        "roots": [task.task_id for task in roots],
        "mock": mock_data(),
    }


def retry_policy(retries):
    """A worker that stays for retries would retry forever what has no limit of its own; one that does not stay must not
    find a failed task pending again."""
    import luigi.scheduler

    if not retries:
        return {"retry_delay": 900}
    unlimited = luigi.scheduler.scheduler().retry_count == 999999999
    return {"retry_delay": 0.1, **({"retry_count": 1} if unlimited else {})}


def mock_data():
    module = sys.modules.get("luigi.mock")
    data = module.MockFileSystem._data if module else None
    return {} if data is None else {name: bytes(value).hex() for name, value in dict(data).items()}


if __name__ == "__main__":
    main(sys.argv[1])
