"""PythonOperator and @task: how arguments are bound, what is refused. Calls written by hand: no Airflow runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.airflow_sources import PYTHON, task

from core_compiler.diagnostics import Severity, Span
from core_compiler.ir import Literal as Known
from core_compiler.ir import Output, PythonCallable
from transpilers.airflow.call import (
    CodeRef,
    Dict,
    List,
    Literal,
    OperatorCall,
    OutputRef,
    Parameter,
    Template,
    Tuple,
    Value,
)
from transpilers.airflow.importer import read

NOT_THERE = "is a part of Airflow's context that the machine does not have"
PLAIN = (Parameter("a"), Parameter("b", default=Literal(2)))


def _named(**items: Value) -> Dict:
    return Dict(tuple((Literal(key), value) for key, value in items.items()))


def _code(*parameters: Parameter, sort: str = "function", span: Span | None = None) -> CodeRef:
    return CodeRef(module="", qualname="f", sort=sort, span=span or Span("dag.py", 3), parameters=parameters)


def _call(ref: Value, **kwargs: Value) -> OperatorCall:
    return OperatorCall(PYTHON, "t", {"python_callable": ref, **kwargs})


def test_arguments_are_data_or_outputs() -> None:
    call = _call(_code(*PLAIN), op_args=List((OutputRef("up"),)), op_kwargs=_named(b=Literal("x\n")))
    made, said = task(call)
    assert said == []
    assert made is not None
    assert made.task.args == (Output("up"),)
    # Airflow renders what it passes, which takes the last newline.
    assert made.task.kwargs == {"b": Known("x")}
    assert made.task.component == PythonCallable("", through_json=True)
    assert made.code is not None
    assert (made.code.path, made.code.qualname, made.code.line) == (Path("dag.py"), "f", 3)


def test_names_without_a_parameter_are_not_passed() -> None:
    made, said = task(_call(_code(*PLAIN), op_kwargs=_named(a=Literal(1), elsewhere=Literal(2))))
    assert said == []
    assert made is not None
    assert list(made.task.kwargs) == ["a"]


def test_a_missing_key_of_several_outputs_reads_as_none() -> None:
    several = OperatorCall(PYTHON, "up", {"multiple_outputs": Literal(True)})
    call = _call(_code(*PLAIN), op_args=Tuple((OutputRef("up", "k"), OutputRef("other", "k"))))
    made, _ = task(call, others=(several, OperatorCall(PYTHON, "other")))
    assert made is not None
    assert made.task.args == (Output("up", "k", optional=True), Output("other", "k"))


@pytest.mark.parametrize(
    ("parameters", "args", "kwargs", "said"),
    [
        ([Parameter("ds")], [], {}, None),
        ([Parameter("ti", "keyword", Literal(None))], [], {}, None),
        ([Parameter("inlet_events")], [], {}, f"the parameter 'inlet_events' of 'f' {NOT_THERE}"),
        ([Parameter("ds")], [Literal(1)], {}, "the parameter 'ds' of 'f' is reserved by Airflow's context"),
        ([Parameter("ds")], [], {"ds": Literal(1)}, None),
        ([Parameter("params", "args")], [], {}, None),
        ([Parameter("templates_dict")], [], {}, None),
    ],
)
def test_context_arguments(
    parameters: list[Parameter], args: list[Value], kwargs: dict[str, Value], said: str | None
) -> None:
    made, found = task(_call(_code(*parameters), op_args=List(tuple(args)), op_kwargs=_named(**kwargs)))
    assert found == ([f"SW405 {said}"] if said else [])
    assert (made is None) == bool(said)
    if made is not None:
        asked = {parameter.name for parameter in parameters if parameter.sort != "args"} - kwargs.keys()
        assert isinstance(made.task.component, PythonCallable)
        assert made.task.component.context == bool(asked)


@pytest.mark.parametrize(("body", "whole"), [("return 1", False), ("return context['ds']", True)])
def test_kwargs_that_nothing_reads_ask_for_no_context(tmp_path: Path, body: str, whole: bool) -> None:
    file = tmp_path / "dag.py"
    file.write_text(f"def f(a, **context):\n    {body}\n")
    ref = _code(Parameter("a"), Parameter("context", "kwargs"), span=Span(str(file), 1))
    made, said = task(_call(ref, op_kwargs=_named(a=Literal(1), more=Literal(2))))
    assert said == []
    assert made is not None
    assert isinstance(made.task.component, PythonCallable)
    assert made.task.component.context == whole
    assert list(made.task.kwargs) == ["a", "more"]


@pytest.mark.parametrize(
    ("ref", "kwargs", "said"),
    [
        (Literal(1), {}, "SW406 python_callable is not a function"),
        (_code(sort="generator"), {}, "SW408 the callable 'f' is a generator"),
        (_code(sort="partial"), {}, "SW408 the callable 'f' is a partial"),
        (_code(sort="method"), {}, "SW408 the callable 'f' is a method"),
        (CodeRef(module="", qualname="f", parameters=None), {}, "SW408 the callable 'f' has a signature that Python"),
        (CodeRef(module="fast", qualname="f", parameters=()), {}, "SW408 the callable 'f' has no source in Python"),
        (CodeRef(module="airflow.x", qualname="f", parameters=()), {}, "SW408 the callable 'f' belongs to Airflow"),
        (_code(*PLAIN), {"op_args": OutputRef("a")}, "SW406 op_args is not a list"),
        (_code(*PLAIN), {"op_kwargs": List(())}, "SW406 op_kwargs is not a dict whose keys are strings"),
        (
            _code(*PLAIN),
            {"op_args": List((Template("{{ conf.x }}"),))},
            "SW404 op_args holds the template {{ conf.x }}: conf is not among what the machine knows of a run",
        ),
        (_code(*PLAIN), {"op_args": List((_code(),))}, "SW406 op_args[0] holds the function 'f'"),
        (
            _code(*PLAIN),
            {"templates_exts": List((Literal(".sql"),)), "op_args": List((Literal("a.sql"),))},
            "SW410 op_args names a file of templates, and a.sql is not there",
        ),
    ],
)
def test_what_cannot_ship_is_said(ref: Value, kwargs: dict[str, Value], said: str) -> None:
    _, found = task(_call(ref, **kwargs))
    assert len(found) == 1
    assert found[0].startswith(said)


def test_callables_of_installed_modules_go_by_name() -> None:
    made, said = task(_call(CodeRef(module="builtins", qualname="print", sort="builtin", parameters=PLAIN)))
    assert said == []
    assert made is not None
    assert made.task.component == PythonCallable("builtins:print", through_json=True)
    library = Span("lib/python3/site-packages/tabulate.py", 1)
    ref = CodeRef(module="tabulate", qualname="tabulate", span=library, parameters=PLAIN)
    _, warned = task(_call(ref))
    assert warned == ["SW412 the code imports tabulate, which must be installed where the machine's function runs"]


def test_defaults_that_a_loop_gave_are_passed(tmp_path: Path) -> None:
    source = """
FIXED = 5
def plain(a=FIXED): ...
for number in range(2):
    def looped(a=number, b=[], *, c=str(number)): ...
"""
    file = tmp_path / "dag.py"
    file.write_text(source)
    plain = Parameter("a", default=Literal(5))
    assert _passed(_code(plain, span=Span(str(file), 3))) == {}
    looped = (
        Parameter("a", default=Literal(0)),
        Parameter("b", default=List(())),
        Parameter("c", "keyword", Literal("0")),
    )
    assert _passed(_code(*looped, span=Span(str(file), 5))) == {"a": Known(0)}
    # What the call gives stays.
    assert _passed(_code(*looped, span=Span(str(file), 5)), Literal(9)) == {}


def _passed(ref: CodeRef, *args: Value) -> dict[str, object]:
    made, _ = task(_call(ref, op_args=List(args)))
    assert made is not None
    return dict(made.task.kwargs)


@pytest.mark.parametrize(
    ("home", "codes"),
    [("airflow.operators.python_operator", []), ("airflow.providers.standard.operators.python", ["SW411"])],
)
def test_airflow_2_takes_provide_context_and_airflow_3_does_not(tmp_path: Path, home: str, codes: list[str]) -> None:
    """Found in a public file: half of what was written for Airflow 1 says it."""
    file = tmp_path / "dag.py"
    file.write_text(
        f"from airflow import DAG\nfrom {home} import PythonOperator\nfrom datetime import datetime\n"
        "def f(ds, **kwargs): print(ds)\n"
        "dag = DAG('d', start_date=datetime(2024, 1, 1), schedule=None)\n"
        "PythonOperator(task_id='t', python_callable=f, provide_context=True, dag=dag)\n"
    )
    found = read(file, loader="static").diagnostics
    assert [one.code for one in found if one.severity is Severity.ERROR] == codes


def test_a_value_that_is_not_pushed_is_not_kept() -> None:
    made, _ = task(_call(_code(), do_xcom_push=Literal(False), multiple_outputs=Literal(True)))
    assert made is not None
    assert made.task.component == PythonCallable("", multiple_outputs=True, through_json=True, store=False)


@pytest.mark.parametrize(("attribute", "wanted"), [("render_template('{{ ds }}', context)", True), ("task_id", False)])
def test_code_that_renders_templates_brings_jinja(tmp_path: Path, attribute: str, wanted: bool) -> None:
    file = tmp_path / "dag.py"
    file.write_text(
        "from airflow.sdk import DAG, task\n\nwith DAG('d'):\n\n    @task\n    def f(**context):\n"
        f"        return context['task'].{attribute}\n\n    f()\n"
    )
    [entry] = read(file, loader="static").workflows
    assert entry.workflow is not None
    assert ("jinja2" in entry.workflow.requires) == wanted


def test_formats_of_params_bring_what_checks_them(tmp_path: Path) -> None:
    """Without their libraries jsonschema takes any text for a time."""
    file = tmp_path / "dag.py"
    file.write_text(
        "from airflow.sdk import DAG, Param, task\n\n"
        "with DAG('d', params={'since': Param([], type='array', items={'format': 'date-time'})}):\n\n"
        "    @task\n    def f(params):\n        return params\n\n    f()\n"
    )
    [entry] = read(file, loader="static").workflows
    assert entry.workflow is not None
    assert {"jsonschema", "rfc3339_validator"} <= set(entry.workflow.requires)


def test_a_module_that_templates_are_given_ships_or_is_said(tmp_path: Path) -> None:
    """A module of the user's own is refused: templates would not find it."""
    file = tmp_path / "dag.py"
    (tmp_path / "own.py").write_text("SIZE = 3\n")
    file.write_text(
        "import math\nimport own\nfrom airflow.sdk import DAG\n"
        "from airflow.providers.standard.operators.bash import BashOperator\n\n"
        "with DAG('d', user_defined_macros={'math': math, 'own': own}):\n"
        "    BashOperator(task_id='t', bash_command='echo {{ math.pi }} {{ own.SIZE }}')\n"
    )
    [found] = [one for one in read(file, loader="static").diagnostics if one.severity is Severity.ERROR]
    assert "user_defined_macros['own'] is the module own beside the file" in found.message
    file.write_text(file.read_text().replace(", 'own': own", ""))
    [entry] = read(file, loader="static").workflows
    assert entry.workflow is not None
    assert entry.workflow.requires == ("jinja2",)
