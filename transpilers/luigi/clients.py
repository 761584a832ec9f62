"""Luigi's own targets and tasks: which need a program or service, and which AWS has a state for."""

from __future__ import annotations

from typing import NamedTuple

from core_compiler.diagnostics import Sink, Span
from transpilers.luigi import rules
from transpilers.luigi.wire import Tree

CONTRIB = "luigi.contrib."
#: Modules of luigi.contrib by what they call; what is not here needs a Python package alone, which is reported as such.
NEEDS = {
    "beam_dataflow": "calls Google Cloud Dataflow",
    "docker_runner": "needs a Docker daemon, which Lambda has not",
    "ftp": "needs an FTP server",
    "hadoop": "calls Hadoop's command line",
    "hadoop_jar": "calls Hadoop's command line",
    "hdfs": "calls Hadoop's command line or a WebHDFS service",
    "hive": "calls Hive's command line or metastore",
    "kubernetes": "needs a Kubernetes cluster",
    "lsf": "calls LSF's command line",
    "pig": "calls Pig's command line",
    "scalding": "calls Hadoop's command line",
    "sge": "calls a Grid Engine's command line",
    "simulate": "needs semaphores in shared memory, which Lambda has not",
    "spark": "calls spark-submit",
    "ssh": "calls ssh",
    "webhdfs": "needs a WebHDFS service",
}


class Native(NamedTuple):
    """The state that Step Functions has for what a class does."""

    service: str
    state: str


#: Modules of luigi.contrib whose tasks wait for an AWS service.
NATIVE = {
    "batch": Native("AWS Batch", "batch:submitJob.sync"),
    "ecs": Native("Amazon ECS", "ecs:runTask.sync"),
    "redshift": Native("Amazon Redshift", "aws-sdk:redshiftdata:executeStatement"),
    "s3": Native("Amazon S3", "s3:copyObject"),
}


def module_of(class_name: str) -> str:
    """The module of luigi.contrib that a class comes from, "" for any other."""
    return class_name.removeprefix(CONTRIB).split(".")[0] if class_name.startswith(CONTRIB) else ""


def note_clients(tree: Tree, sink: Sink) -> None:
    """Say of each class of targets and tasks what it needs beside Python, and what it may become."""
    spans = {call.id: call.span for call in tree.tasks}
    found: dict[str, tuple[str, Span | None]] = {}
    for target in tree.targets:
        found.setdefault(target.class_name, (target.task, spans.get(target.task)))
    for call in tree.tasks:
        if call.contrib and not call.external:
            found.setdefault(call.contrib, (call.id, call.span))
    for name, (task, span) in found.items():
        if needs := NEEDS.get(module_of(name)):
            sink.report(rules.CLIENT, span, subject=task, name=name, needs=needs)
    for call in tree.tasks:
        native = NATIVE.get(module_of(call.contrib))
        if native and not call.external:
            named = {"name": call.family, "service": native.service, "state": native.state}
            sink.report(rules.NATIVE, call.span, subject=call.family, **named)
