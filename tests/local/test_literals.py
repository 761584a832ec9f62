"""Literals reach the task as they were written, whatever they look like to ASL or JSONata."""

from __future__ import annotations

from pathlib import Path

from core_compiler.bundle import write_bundle
from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink
from core_compiler.ir import Literal, PythonCallable, Shell, SourceFile, Task, Workflow
from transpilers.local import run_bundle

AWKWARD = [
    "{% $states.input %}", "{%", "%}", "{% a", "", "\n", "a\nb\r\n", "\u2028", "$", "$$", "$x", "${HandlerArn}",
    "'", '"', "\\", "\\n", "\\u0041", "é✓😀", "{{ ds }}", "<>&", "\x01", 0, -7,
    -(2**70), 2**70, -0.0, -0.5, 1e300, 1.0, True, None, [], {}, {"": ""},
    {"k.$": "$.x"}, {"$type": "tuple", "$value": ["{% 1 %}"]},
]  # fmt: skip
CODE = "def same(value):\n    return [repr(value)]\n"


def test_literals_come_out_as_they_went_in(tmp_path: Path):
    tasks = [
        Task(id=f"t{index}", component=PythonCallable("m:same"), args=(Literal(value),))
        for index, value in enumerate(AWKWARD)
    ]
    tasks.append(Task(id="shell", component=Shell('printf "%s" "a\nb" | wc -l; echo "{% 1 %}"')))
    workflow = Workflow(name="literals", tasks=tuple(tasks), files=(SourceFile("m.py", CODE),))
    sink = Sink()
    compiled = compile_workflow(workflow, sink)
    assert compiled is not None, sink.diagnostics
    assert write_bundle(compiled, tmp_path / "bundle", sink)
    result = run_bundle(tmp_path / "bundle", store=(tmp_path / "store").as_uri(), in_process=True)
    assert result.status == "SUCCEEDED", result.diagnostics
    expected = {f"t{index}": [repr(value)] for index, value in enumerate(AWKWARD[:-1])}
    assert result.results == {**expected, f"t{len(AWKWARD) - 1}": ["('{% 1 %}',)"], "shell": "{% 1 %}"}
