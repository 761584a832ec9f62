"""Which of Luigi's own targets and tasks need a program or a service beside Python."""

from __future__ import annotations

from core_compiler.diagnostics import Sink
from transpilers.luigi import rules
from transpilers.luigi.wire import Tree

CONTRIB = "luigi.contrib."
#: Modules of luigi.contrib by what they call; what is not here needs a Python package alone, which is reported as such.
NEEDS = {
    "hdfs": "calls Hadoop's command line or a WebHDFS service",
    "hadoop": "calls Hadoop's command line",
    "hadoop_jar": "calls Hadoop's command line",
    "hive": "calls Hive's command line or metastore",
    "pig": "calls Pig's command line",
    "scalding": "calls Hadoop's command line",
    "spark": "calls spark-submit",
    "sge": "calls a Grid Engine's command line",
    "lsf": "calls LSF's command line",
    "ssh": "calls ssh",
    "docker_runner": "needs a Docker daemon, which Lambda has not",
    "kubernetes": "needs a Kubernetes cluster",
    "ftp": "needs an FTP server",
    "webhdfs": "needs a WebHDFS service",
}


def note_clients(tree: Tree, sink: Sink) -> None:
    """Say of each class of targets and tasks what it needs beside Python."""
    spans = {call.id: call.span for call in tree.tasks}
    for target in tree.targets:
        if target.class_name.startswith(CONTRIB):
            module = target.class_name.removeprefix(CONTRIB).split(".")[0]
            if module in NEEDS:
                sink.report(
                    rules.CLIENT,
                    spans.get(target.task),
                    subject=target.task,
                    name=target.class_name,
                    needs=NEEDS[module],
                )
